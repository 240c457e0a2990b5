import { type Connection, ConnectionMode, type NodeChange, type ReactFlowProps, SelectionMode } from "@xyflow/react";
import { type DragEvent, useMemo } from "react";
import { toggleFold } from "../actions/folds";
import { beginOf, connectBlocks, dropBlock, endOf, moveBlocks, reconnectWire, wireRefusal } from "../actions/session";
import { useStore } from "../store";
import { toast } from "../store/ui";
import type { BlockFlowNode } from "./BlockNode";
import { edgeTypes, nodeTypes } from "./Figure";
import { placeOf } from "./flow";
import type { Model } from "./model";
import { placeNotes } from "./placeNotes";
import type { Point } from "./rounded";
import type { HullFlowNode } from "./HullNode";
import type { WireFlowEdge } from "./ShapeEdge";
import { blocksIn, chosenPieces, stage } from "./stage";

export const PALETTE_TYPE = "application/x-playground-block";

export type FigureNode = BlockFlowNode | HullFlowNode;

export type OnMenu = (at: { x: number; y: number }) => void;

const lead = () => stage.root?.setAttribute("data-leading", "");
const stopLeading = () => stage.root?.removeAttribute("data-leading");

/** A hull is chosen with all it holds; a block out of several chosen ones is chosen alone. */
function chooseOne(event: { ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }, node: FigureNode) {
  const { selection, select } = useStore.getState();
  const more = event.ctrlKey || event.metaKey || event.shiftKey;
  const ids = blocksIn(node.id);
  if (node.type === "hull") return select(more ? [...new Set([...selection, ...ids])] : ids);
  if (!more && selection.length > ids.length) select(ids);
}

function openOrFold(node: FigureNode) {
  if (node.type === "hull" || node.data.piece.fold) toggleFold(node.id);
  else if (node.data.piece.composite) useStore.getState().toggleOpen(node.id);
}

function tellRefusal(from: string, to: string, backwards: boolean) {
  const reason = from === to ? null : backwards ? wireRefusal(to, from) : wireRefusal(from, to);
  if (reason) toast(reason, { tone: "warn" });
}

/** What never changes about the flow; were it made anew with each render, every block would be drawn anew too. */
export const STEADY: ReactFlowProps<FigureNode, WireFlowEdge> = {
  nodeTypes,
  edgeTypes,
  onInit: (flow) => {
    stage.flow = flow;
  },
  onMoveEnd: () => placeNotes(stage.root),
  onEdgesChange: (changes) => followEdges(changes),
  onPaneClick: () => useStore.getState().select([]),
  onNodeClick: (event, node) => chooseOne(event, node),
  onNodeDoubleClick: (_, node) => openOrFold(node),
  onConnectStart: lead,
  onConnectEnd: (_, end) => {
    stopLeading();
    if (end.isValid === false && end.fromHandle && end.toNode && end.fromNode) tellRefusal(end.fromNode.id, end.toNode.id, end.fromHandle.type === "target");
  },
  onReconnectStart: lead,
  onReconnectEnd: stopLeading,
  onConnect: ({ source, target }) => void connectBlocks(source, target),
  onReconnect: (edge, { source, target }) => reconnectWire(edge.id, source, target),
  isValidConnection: (connection) => isAllowed(connection),
  connectionMode: ConnectionMode.Strict,
  connectionRadius: 28,
  reconnectRadius: 12,
  selectNodesOnDrag: false,
  selectionMode: SelectionMode.Partial,
  multiSelectionKeyCode: ["Control", "Meta", "Shift"],
  selectionKeyCode: "Shift",
  deleteKeyCode: null,
  disableKeyboardA11y: true,
  zoomOnDoubleClick: false,
  nodeDragThreshold: 3,
  minZoom: 0.1,
  maxZoom: 3,
  proOptions: { hideAttribution: true },
  "aria-label": "The network",
};

export function follow(changes: NodeChange<FigureNode>[], model: Model | null, setMoving: (change: (now: ReadonlyMap<string, Point>) => ReadonlyMap<string, Point>) => void) {
  const moved = changes.filter((change) => change.type === "position" && change.position);
  if (moved.length > 0 && model) {
    setMoving((now) => {
      const next = new Map(now);
      for (const change of moved) {
        if (change.type !== "position" || !change.position) continue;
        const piece = model.pieces.get(change.id);
        if (piece) next.set(change.id, placeOf(piece, change.position));
        else moveHull(change.id, change.position, model, next);
      }
      return next;
    });
  }
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length === 0) return;
  const { selection, selectedEdges, select } = useStore.getState();
  if (!model) return;
  const next = new Set([...chosenPieces(model, selection)].filter((id) => model.pieces.has(id)));
  for (const change of chosen) {
    if (change.type !== "select") continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  select([...next].flatMap(blocksIn), selectedEdges);
}

/** All that stands in a hull goes with it. */
function moveHull(key: string, corner: Point, model: Model, moving: Map<string, Point>) {
  const hull = model.hulls.find((other) => other.part.key === key);
  if (!hull) return;
  for (const id of hull.pieces) {
    const place = model.places.get(id);
    if (place) moving.set(id, { x: place.x + corner.x - hull.box.left, y: place.y + corner.y - hull.box.top });
  }
}

function followEdges(changes: { type: string; id?: string; selected?: boolean }[]) {
  const { selection, selectedEdges, select } = useStore.getState();
  const next = new Set(selectedEdges);
  for (const change of changes) {
    if (change.type !== "select" || change.id === undefined) continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  select(selection, [...next]);
}

/** Blocks were let go: keep where they are, in the document's own terms while composites are open. */
export function commitMove(moved: ReadonlyMap<string, Point>): boolean {
  const { model } = stage;
  if (!model) return false;
  const places = new Map<string, Point>();
  for (const [id, place] of moved) {
    const shown = model.places.get(id);
    const stored = model.stored.get(id);
    if (!shown || !stored) continue;
    places.set(id, { x: Math.round(stored.x + place.x - shown.x), y: Math.round(stored.y + place.y - shown.y) });
  }
  return moveBlocks(places);
}

export function useMenus(onMenu: OnMenu): Partial<ReactFlowProps<FigureNode, WireFlowEdge>> {
  return useMemo(
    () => ({
      onPaneContextMenu: (event) => openMenu(event, null, onMenu),
      onNodeContextMenu: (event, node) => openMenu(event, node.id, onMenu),
      onEdgeContextMenu: (event, edge) => openEdgeMenu(event, edge.id, onMenu),
      onSelectionContextMenu: (event) => openMenu(event, [...chosen()][0] ?? null, onMenu),
    }),
    [onMenu],
  );
}

function openMenu(event: { preventDefault(): void; clientX: number; clientY: number } | MouseEvent, id: string | null, onMenu: OnMenu) {
  event.preventDefault();
  const { selection, select } = useStore.getState();
  if (id !== null && !blocksIn(id).every((block) => selection.includes(block))) select(blocksIn(id));
  if (id === null) select([]);
  onMenu({ x: event.clientX, y: event.clientY });
}

const chosen = (): Set<string> => (stage.model ? chosenPieces(stage.model, useStore.getState().selection) : new Set());

function openEdgeMenu(event: { preventDefault(): void; clientX: number; clientY: number }, key: string, onMenu: OnMenu) {
  event.preventDefault();
  useStore.getState().select([], [key]);
  onMenu({ x: event.clientX, y: event.clientY });
}

function isAllowed(connection: Connection | WireFlowEdge): boolean {
  const { network } = useStore.getState();
  const without = network.edges.find((edge) => edge.source === endOf(connection.source) && edge.target === beginOf(connection.target));
  return wireRefusal(connection.source, connection.target) === null || without !== undefined;
}

export interface Aim {
  edge: string | null;
  node: string | null;
}
export const NO_AIM: Aim = { edge: null, node: null };

/** A palette entry over the figure: on a wire it will be inserted, on a block added after it, else it stands free. */
export function useDrop(setAim: (aim: Aim) => void) {
  const carries = (event: DragEvent) => event.dataTransfer.types.includes(PALETTE_TYPE);
  return {
    over: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      const aim = aimAt(event.clientX, event.clientY);
      markAimed(aim.node);
      setAim(aim);
    },
    leave: () => {
      markAimed(null);
      setAim(NO_AIM);
    },
    drop: (event: DragEvent) => {
      markAimed(null);
      setAim(NO_AIM);
      const kind = event.dataTransfer.getData(PALETTE_TYPE);
      if (!kind || !stage.flow) return;
      event.preventDefault();
      const point = stage.flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      dropBlock(kind, { ...aimAt(event.clientX, event.clientY), point });
    },
  };
}

/** The wire under a block that is dragged, where the block has none of its own yet. */
export function looseOver(event: MouseEvent | TouchEvent, id: string): Aim {
  if (!("clientX" in event) || !stage.model?.pieces.has(id) || stage.model.pieces.get(id)?.fold || stage.model.drawing.wires.some((wire) => wire.source === id || wire.target === id)) return NO_AIM;
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  const edge = under.map((element) => element.closest<HTMLElement>(".react-flow__edge")).find(Boolean)?.dataset.id ?? null;
  return edge === null ? NO_AIM : { edge, node: null };
}

function aimAt(x: number, y: number): Aim {
  const under = document.elementsFromPoint(x, y);
  const node = under.map((element) => element.closest<HTMLElement>(".react-flow__node-block")).find(Boolean);
  if (node) return { edge: null, node: node.dataset.id ?? null };
  const edge = under.map((element) => element.closest<HTMLElement>(".react-flow__edge")).find(Boolean);
  return { edge: edge?.dataset.id ?? null, node: null };
}


function markAimed(id: string | null) {
  for (const node of stage.root?.querySelectorAll<HTMLElement>(".react-flow__node") ?? []) node.toggleAttribute("data-aimed", node.dataset.id === id);
}
