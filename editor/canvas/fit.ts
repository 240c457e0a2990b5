import type { ReactFlowInstance } from "@xyflow/react";
import type { Piece } from "./drawing";
import { type Box, boxAt } from "./geometry";
import type { Hull } from "./hulls";
import { LARGEST_ZOOM } from "./layout";
import { nameSize } from "./names";
import type { Point } from "./rounded";
import type { Route } from "./route";

interface Drawn {
  pieces: ReadonlyMap<string, Piece>;
  places: ReadonlyMap<string, Point>;
  routes: ReadonlyMap<string, Route>;
  hulls?: readonly Hull[];
  /** Pieces with an error written below them. */
  notes?: ReadonlySet<string>;
}

const LABEL = 18;
const NOTE = { width: 160, height: 64 };
const SMALLEST = 0.1;
/** Room kept free around the figure: more above for notices, more below for the caption and the zoom. */
const ROOM = { left: 20, right: 20, top: 54, bottom: 46 };

/** Everything that is drawn, names and wires included; null where nothing is. */
export function extent({ pieces, places, routes, hulls = [], notes }: Drawn): Box | null {
  let box: Box | null = null;
  const take = (left: number, top: number, right: number, bottom: number) => {
    box = box
      ? { left: Math.min(box.left, left), top: Math.min(box.top, top), right: Math.max(box.right, right), bottom: Math.max(box.bottom, bottom) }
      : { left, top, right, bottom };
  };
  for (const piece of pieces.values()) {
    const place = places.get(piece.id);
    if (!place) continue;
    const body = boxAt(piece.size, place.x, place.y);
    const name = nameSize(piece);
    const centre = place.x + piece.size.w / 2;
    take(Math.min(body.left, centre - name.width / 2), body.top, Math.max(body.right, centre + name.width / 2), body.bottom + name.height);
    if (!notes?.has(piece.id)) continue;
    const middle = place.x + piece.size.w / 2;
    take(middle - NOTE.width / 2, body.top, middle + NOTE.width / 2, body.bottom + name.height + NOTE.height);
  }
  for (const { box: hull } of hulls) take(hull.left, hull.top, hull.right, hull.bottom);
  for (const route of routes.values()) {
    const way = routeBox(route);
    take(way.left, way.top, way.right, way.bottom);
    if (route.label?.whole) take(route.label.x, route.label.y - LABEL, route.label.x, route.label.y);
  }
  return box;
}

/** The box around a wire's corners. */
export function routeBox(route: Route): Box {
  const numbers = route.d.match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
  const across = numbers.filter((_, at) => at % 2 === 0);
  const down = numbers.filter((_, at) => at % 2 === 1);
  return { left: Math.min(...across), right: Math.max(...across), top: Math.min(...down), bottom: Math.max(...down) };
}

/** Show the whole figure, at most at 135 %. */
export function fitFigure(drawn: Drawn | null, flow: Pick<ReactFlowInstance, "setViewport"> | null, root: HTMLElement | null) {
  const box = drawn && extent(drawn);
  if (!box || !flow || !root) return;
  const width = root.clientWidth - ROOM.left - ROOM.right;
  const height = root.clientHeight - ROOM.top - ROOM.bottom;
  const zoom = Math.max(SMALLEST, Math.min(LARGEST_ZOOM, width / (box.right - box.left), height / (box.bottom - box.top)));
  const x = ROOM.left + (width - (box.right - box.left) * zoom) / 2 - box.left * zoom;
  const y = ROOM.top + (height - (box.bottom - box.top) * zoom) / 2 - box.top * zoom;
  void flow.setViewport({ x, y, zoom });
}
