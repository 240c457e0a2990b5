import { MarkerType, Position } from "@xyflow/react";
import type { BlockFlowNode } from "./BlockNode";
import type { HullFlowNode } from "./HullNode";
import type { Hull } from "./hulls";
import type { Piece, Wire } from "./drawing";
import { type PieceState, plainState } from "./marks";
import type { Model } from "./model";
import type { Point } from "./rounded";
import type { Route } from "./route";
import type { WireFlowEdge } from "./ShapeEdge";
import { hullSpeech } from "./speech";

/** Nodes and edges as the flow library wants them; what did not change stays the same object and is not drawn again. */
export interface FlowCache {
  nodes: Map<string, BlockFlowNode>;
  hulls: Map<string, HullFlowNode>;
  edges: Map<string, WireFlowEdge>;
}

export const emptyCache = (): FlowCache => ({ nodes: new Map(), hulls: new Map(), edges: new Map() });

/** What a port takes or gives, in words; null where a block has no such port. */
export interface Ports {
  input: string | null;
  output: string | null;
}

export interface NodeLook {
  places: ReadonlyMap<string, Point>;
  selected: ReadonlySet<string>;
  states: ReadonlyMap<string, PieceState>;
  ports: (piece: Piece) => Ports;
  label: (piece: Piece) => string;
}

/** Where the library's box of a piece begins: its body's upper left corner. */
export const cornerOf = (piece: Piece, place: Point): Point => ({ x: place.x, y: place.y - piece.size.h / 2 - piece.size.dy });
export const placeOf = (piece: Piece, corner: Point): Point => ({ x: corner.x, y: corner.y + piece.size.h / 2 + piece.size.dy });

export function flowNodes(cache: FlowCache, model: Model, look: NodeLook): BlockFlowNode[] {
  const next = new Map<string, BlockFlowNode>();
  for (const piece of model.pieces.values()) {
    const place = look.places.get(piece.id);
    if (!place) continue;
    const corner = cornerOf(piece, place);
    const selected = look.selected.has(piece.id);
    const state = look.states.get(piece.id) ?? plainState;
    const inside = model.insides.get(piece.id) ?? null;
    const old = cache.nodes.get(piece.id);
    const same =
      old &&
      old.data.piece === piece &&
      old.data.state === state &&
      old.data.inside === inside &&
      old.selected === selected &&
      old.position.x === corner.x &&
      old.position.y === corner.y;
    next.set(piece.id, same ? old : nodeOf(piece, corner, selected, state, inside, look));
  }
  cache.nodes = next;
  return [...next.values()];
}

function nodeOf(piece: Piece, position: Point, selected: boolean, state: PieceState, inside: BlockFlowNode["data"]["inside"], look: NodeLook): BlockFlowNode {
  const { w, h, dx, dy } = piece.size;
  const width = w + dx;
  const height = h + dy;
  const { input, output } = look.ports(piece);
  const middle = dy + h / 2 - 4;
  return {
    id: piece.id,
    type: "block",
    position,
    selected,
    data: { piece, state, inside, input, output },
    width,
    height,
    measured: { width, height },
    handles: [
      ...(input !== null ? [{ type: "target" as const, position: Position.Left, x: -4, y: middle, width: 8, height: 8 }] : []),
      ...(output !== null ? [{ type: "source" as const, position: Position.Right, x: width - 4, y: middle, width: 8, height: 8 }] : []),
    ],
    ariaLabel: look.label(piece),
    className: `${state.level === "error" ? "bad" : ""}${piece.fold ? " folded" : ""}`,
    zIndex: inside ? -1 : 0,
  };
}

/** The outlines of open stages, below everything else. */
export function flowHulls(cache: FlowCache, hulls: readonly Hull[], chosen: (hull: Hull) => boolean): HullFlowNode[] {
  const next = new Map<string, HullFlowNode>();
  for (const hull of hulls) {
    const { key, kind } = hull.part;
    const { left, top, right, bottom } = hull.box;
    const old = cache.hulls.get(key);
    const isChosen = chosen(hull);
    const width = right - left;
    const height = bottom - top;
    const same = old && old.data.hull.part.name === hull.part.name && old.data.hull.part.ids.length === hull.part.ids.length && old.data.chosen === isChosen && old.position.x === left && old.position.y === top && old.width === width && old.height === height;
    next.set(key, same ? old : {
      id: key,
      type: "hull",
      position: { x: left, y: top },
      selectable: false,
      connectable: false,
      data: { hull, chosen: isChosen },
      width,
      height,
      measured: { width, height },
      ariaLabel: hullSpeech(hull),
      zIndex: kind === "stage" ? -3 : -2,
    });
  }
  cache.hulls = next;
  return [...next.values()];
}

export interface EdgeLook {
  routes: ReadonlyMap<string, Route>;
  selected: ReadonlySet<string>;
  bad: ReadonlySet<string>;
  aimed: string | null;
  label: (wire: Wire) => string;
}

export function flowEdges(cache: FlowCache, wires: readonly Wire[], look: EdgeLook): WireFlowEdge[] {
  const next = new Map<string, WireFlowEdge>();
  const told = labelledWires(wires, look.routes);
  for (const wire of wires) {
    const route = look.routes.get(wire.key);
    if (!route) continue;
    const old = cache.edges.get(wire.key);
    const data = { wire, route, labelled: told.has(wire.key), bad: look.bad.has(wire.to), aimed: look.aimed === wire.key };
    const selected = look.selected.has(wire.key);
    const same = old?.data && old.selected === selected && sameData(old.data, data);
    next.set(wire.key, same ? old : { id: wire.key, type: "wire", source: wire.source, target: wire.target, selected, data, ariaLabel: look.label(wire), markerEnd: MarkerType.Arrow });
  }
  cache.edges = next;
  return [...next.values()];
}

type Data = NonNullable<WireFlowEdge["data"]>;

const sameData = (a: Data, b: Data): boolean =>
  a.route === b.route &&
  a.labelled === b.labelled &&
  a.bad === b.bad &&
  a.aimed === b.aimed &&
  a.wire.from === b.wire.from &&
  a.wire.to === b.wire.to &&
  a.wire.source === b.wire.source &&
  a.wire.target === b.wire.target &&
  String(a.wire.shape) === String(b.wire.shape);

/** Wires that fan out from one block carry the same shape: the one with the most room says it; a shortcut says it too. */
export function labelledWires(wires: readonly Wire[], routes: ReadonlyMap<string, Route>): Set<string> {
  const told = new Set<string>();
  const best = new Map<string, { key: string; room: number }>();
  for (const wire of wires) {
    const label = routes.get(wire.key)?.label;
    if (!label) continue;
    if (label.whole) told.add(wire.key);
    else if (label.room > (best.get(wire.source)?.room ?? 0)) best.set(wire.source, { key: wire.key, room: label.room });
  }
  for (const { key } of best.values()) told.add(key);
  return told;
}
