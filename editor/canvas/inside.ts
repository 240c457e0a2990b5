import type { InnerNode } from "../generated/types";
import { type Blocks, draw, type Drawing, type Piece, subjectInside } from "./drawing";
import { boxAt, type Scale } from "./geometry";
import { layout } from "./layout";
import type { Point } from "./rounded";
import { type Route, routeAll } from "./route";

/** The drawn inside of an open composite block. Places are relative to the hull's left end and middle line. */
export interface Inside {
  drawing: Drawing;
  places: Map<string, Point>;
  routes: Map<string, Route>;
}

const SIDE = 26;
const HEAD = 30;
const FOOT = 28;

/** Open a piece: its hull, and the figure inside. */
export function openPiece(piece: Piece, inside: InnerNode[], input: number[], blocks: Blocks, scale: Scale): { piece: Piece; inside: Inside } {
  const drawing = draw(subjectInside(inside, input), blocks, scale);
  const raw = layout(drawing);
  const boxes = [...drawing.pieces.values()].filter((inner) => inner.form !== "point").map((inner) => {
    const place = raw.get(inner.id) ?? { x: 0, y: 0 };
    return boxAt(inner.size, place.x, place.y);
  });
  const left = Math.min(...boxes.map((box) => box.left));
  const right = Math.max(...boxes.map((box) => box.right));
  const top = Math.min(...boxes.map((box) => box.top));
  const bottom = Math.max(...boxes.map((box) => box.bottom));
  const rough = routeAll(drawing.pieces, drawing.wires, raw);
  const highest = Math.min(top, ...[...rough.values()].map((route) => route.label?.y ?? top));
  // the outside wires end on the hull's middle line, level with the first and last piece
  const middle = raw.get("in")?.y ?? (top + bottom) / 2;
  const half = Math.max(middle - highest + HEAD, bottom - middle + FOOT);
  const w = right - left + 2 * (SIDE + 30);
  const places = new Map([...raw].map(([id, place]) => [id, { x: place.x - left + SIDE + 30, y: place.y - middle }]));
  places.set("in", { x: 0, y: 0 });
  places.set("out", { x: w, y: 0 });
  const size = { w, h: 2 * half, dx: 0, dy: 0 };
  return {
    piece: { ...piece, form: "hull", size, tabs: piece.tabs },
    inside: { drawing, places, routes: routeAll(drawing.pieces, drawing.wires, places) },
  };
}

/**
 * Where everything stands while some pieces are open: what is right of an opened one in its row moves over by its
 * growth, what is below moves down. The document's own places stay as they are.
 */
export function spread(places: ReadonlyMap<string, Point>, closed: ReadonlyMap<string, Piece>, opened: ReadonlyMap<string, Piece>): Map<string, Point> {
  const result = new Map(places);
  for (const [id, piece] of opened) {
    const before = closed.get(id);
    const place = result.get(id);
    if (!before || !place || piece.form !== "hull") continue;
    const wider = piece.size.w - before.size.w - before.size.dx;
    const taller = Math.max(0, (piece.size.h - before.size.h) / 2 - before.size.dy);
    const upper = place.y - before.size.h / 2 - before.size.dy;
    const lower = place.y + before.size.h / 2;
    const from = place.x;
    for (const [other, there] of result) {
      if (other === id) continue;
      const body = closed.get(other);
      const half = (body?.size.h ?? 0) / 2;
      const level = there.y + half > upper - 12 && there.y - half < lower + 12;
      if (level && there.x > from) result.set(other, { x: there.x + wider, y: there.y });
      else if (there.y - half >= lower + 12) result.set(other, { x: there.x, y: there.y + 2 * taller });
    }
    for (const [other, there] of result) {
      const body = closed.get(other);
      const half = (body?.size.h ?? 0) / 2;
      const below = there.y - half >= lower + 12;
      if (!below && !(there.y + half <= upper - 12)) result.set(other, { x: there.x, y: there.y + taller });
    }
  }
  return result;
}
