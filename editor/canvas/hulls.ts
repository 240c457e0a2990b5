import type { Drawing, Piece } from "./drawing";
import { routeBox } from "./fit";
import { type Foldable, shown } from "./folding";
import { type Box, boxAt } from "./geometry";
import { nameSize } from "./names";
import type { Point } from "./rounded";
import type { Route } from "./route";

/** The dotted outline of an open stage or run, with its name. */
export interface Hull {
  part: Foldable;
  /** Pieces in it as they are drawn. */
  pieces: string[];
  box: Box;
}

const SIDE = 16;
const HEAD = { stage: 34, run: 28 };
const FOOT = 20;

/** Around pieces, their names, what a view adds `under` them, and the wires between; room for the hull's own name on top. */
function hullBox(kind: Foldable["kind"], ids: readonly string[], pieces: ReadonlyMap<string, Piece>, places: ReadonlyMap<string, Point>, routes: ReadonlyMap<string, Route>, under: number): Box {
  const box: Box = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  const take = (other: Box) => {
    box.left = Math.min(box.left, other.left);
    box.right = Math.max(box.right, other.right);
    box.top = Math.min(box.top, other.top);
    box.bottom = Math.max(box.bottom, other.bottom);
  };
  for (const id of ids) {
    const piece = pieces.get(id);
    const place = places.get(id);
    if (!piece || !place) continue;
    const body = boxAt(piece.size, place.x, place.y);
    const middle = place.x + piece.size.w / 2;
    const name = nameSize(piece);
    take({ left: Math.min(body.left, middle - name.width / 2), right: Math.max(body.right, middle + name.width / 2), top: body.top, bottom: body.bottom + name.height });
  }
  for (const route of routes.values()) {
    take(routeBox(route));
    if (route.label?.whole) take({ left: route.label.x, right: route.label.x, top: route.label.y - 12, bottom: route.label.y });
  }
  if (box.left === Infinity) return { left: 0, right: 0, top: 0, bottom: 0 };
  return { left: box.left - SIDE, right: box.right + SIDE, top: box.top - HEAD[kind], bottom: box.bottom + FOOT + under };
}

/** The hulls of all open parts, outer ones first. */
export function hullsOf(open: readonly Foldable[], drawing: Drawing, pieces: ReadonlyMap<string, Piece>, places: ReadonlyMap<string, Point>, routes: ReadonlyMap<string, Route>, under = 0): Hull[] {
  const made: Hull[] = [];
  for (const part of [...open].reverse()) {
    const ids = shown(part, drawing);
    const inside = new Set(ids);
    const own = new Map(drawing.wires.flatMap((wire) => (inside.has(wire.source) && inside.has(wire.target) ? [[wire.key, routes.get(wire.key)] as const] : [])).filter((entry): entry is [string, Route] => entry[1] !== undefined));
    const box = hullBox(part.kind, ids, pieces, places, own, under);
    const within = made.filter((hull) => hull.part.parent === part.key).map((hull) => hull.box);
    const whole = within.reduce((all, hull) => ({ left: Math.min(all.left, hull.left - SIDE), right: Math.max(all.right, hull.right + SIDE), top: Math.min(all.top, hull.top - HEAD.stage), bottom: Math.max(all.bottom, hull.bottom + SIDE) }), box);
    made.push({ part, pieces: ids, box: whole });
  }
  return aligned(made.reverse());
}

/** Outlines that differ by so little end at the same height. */
const ALIKE = 18;

/** Hulls side by side begin and end level. */
function aligned(hulls: Hull[]): Hull[] {
  return hulls.map((hull) => {
    const beside = hulls.filter((other) => other.part.parent === hull.part.parent);
    const top = Math.min(...beside.map(({ box }) => box.top).filter((edge) => Math.abs(edge - hull.box.top) <= ALIKE));
    const bottom = Math.max(...beside.map(({ box }) => box.bottom).filter((edge) => Math.abs(edge - hull.box.bottom) <= ALIKE));
    return { ...hull, box: { ...hull.box, top, bottom } };
  });
}

/** Hulls whose blocks are all chosen; of one in another the outer one. */
export function chosenHulls(hulls: readonly Hull[], selection: readonly string[]): Hull[] {
  const ids = new Set(selection);
  const chosen = hulls.filter(({ part }) => part.ids.every((id) => ids.has(id)));
  return chosen.filter(({ part }) => !chosen.some((other) => other.part.key === part.parent));
}
