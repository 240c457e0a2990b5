import type { Drawing, Piece, Wire } from "./drawing";
import { type Foldable, type Folded, shown } from "./folding";
import { type Box, boxAt } from "./geometry";
import type { Point } from "./rounded";
import { shapeLines } from "./words";

const AROUND = 18;
const NAME = 20;

/** Room for a wire that carries this shape. */
export const gapFor = (wire: Wire | undefined): number => 26 + 6.4 * Math.max(2, ...shapeLines(wire?.shape).map((line) => line.length));

/**
 * Places for the pieces that have none: each goes right of what feeds it, level with it, and what follows
 * moves over. Places that are known change only to make that room.
 */
export function makeRoom({ pieces, wires }: Drawing, known: ReadonlyMap<string, Point>): Map<string, Point> {
  const places = new Map([...known].filter(([id]) => pieces.has(id)));
  const missing = new Set([...pieces.keys()].filter((id) => !places.has(id)));
  while (missing.size > 0) {
    const id = nextOf(missing, wires, places);
    missing.delete(id);
    placeOne(id, pieces, wires, places);
  }
  return places;
}

/** A missing piece whose sources all stand, else one with a source, else any. */
function nextOf(missing: ReadonlySet<string>, wires: readonly Wire[], places: ReadonlyMap<string, Point>): string {
  const ids = [...missing];
  const sources = (id: string) => wires.filter((wire) => wire.target === id).map((wire) => wire.source);
  const ready = ids.find((id) => sources(id).length > 0 && sources(id).every((source) => places.has(source)));
  const started = ready ?? ids.find((id) => sources(id).some((source) => places.has(source)));
  return started ?? ids.find((id) => wires.some((wire) => wire.source === id && places.has(wire.target))) ?? ids[0] ?? "";
}

function placeOne(id: string, pieces: ReadonlyMap<string, Piece>, wires: readonly Wire[], places: Map<string, Point>) {
  const piece = pieces.get(id);
  if (!piece) return;
  const width = piece.size.w + piece.size.dx;
  const into = wires.filter((wire) => wire.target === id && places.has(wire.source));
  const out = wires.filter((wire) => wire.source === id && places.has(wire.target));
  const rightOf = (other: string) => (places.get(other)?.x ?? 0) + reach(pieces.get(other));
  if (into.length === 0 && out.length === 0) {
    places.set(id, clear(id, { x: 0, y: lowest(pieces, places) + 70 }, pieces, places));
    return;
  }
  if (into.length === 0) {
    const next = places.get(out[0]?.target ?? "") ?? { x: 0, y: 0 };
    places.set(id, clear(id, { x: next.x - gapFor(out[0]) - width, y: next.y }, pieces, places));
    return;
  }
  const x = Math.max(...into.map((wire) => rightOf(wire.source) + gapFor(wire)));
  const y = mean(into.map((wire) => places.get(wire.source)?.y ?? 0));
  const ahead = out.filter((wire) => (places.get(wire.target)?.x ?? 0) > Math.min(...into.map((other) => rightOf(other.source))));
  for (const wire of ahead) {
    const lack = x + width + gapFor(wire) - (places.get(wire.target)?.x ?? 0);
    if (lack > 0) shift(downstream(wire.target, wires, places), lack, places);
  }
  places.set(id, ahead.length > 0 ? { x, y } : clear(id, { x, y }, pieces, places));
}

const reach = (piece: Piece | undefined): number => (piece ? piece.size.w + piece.size.dx : 0);
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What stands to the right along the wires, up to the end of the row. */
function downstream(start: string, wires: readonly Wire[], places: ReadonlyMap<string, Point>): Set<string> {
  const found = new Set([start]);
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const wire of wires) {
      if (wire.source !== id || found.has(wire.target)) continue;
      if ((places.get(wire.target)?.x ?? -Infinity) <= (places.get(id)?.x ?? 0)) continue;
      found.add(wire.target);
      queue.push(wire.target);
    }
  }
  return found;
}

function shift(ids: ReadonlySet<string>, dx: number, places: Map<string, Point>) {
  for (const id of ids) {
    const place = places.get(id);
    if (place) places.set(id, { x: Math.round(place.x + dx), y: place.y });
  }
}

function lowest(pieces: ReadonlyMap<string, Piece>, places: ReadonlyMap<string, Point>): number {
  const bottoms = [...places].map(([id, place]) => place.y + (pieces.get(id)?.size.h ?? 0) / 2);
  return bottoms.length > 0 ? Math.max(...bottoms) : 0;
}

/** The nearest height, from the wish downwards, where the piece stands on nothing. */
export function clear(id: string, wish: Point, pieces: ReadonlyMap<string, Piece>, places: ReadonlyMap<string, Point>): Point {
  const piece = pieces.get(id);
  if (!piece) return wish;
  const boxes = [...places].flatMap(([other, place]) => {
    const body = pieces.get(other);
    return body && other !== id ? [boxAt(body.size, place.x, place.y)] : [];
  });
  for (let step = 0; step < 60; step += 1) {
    const place = { x: Math.round(wish.x), y: Math.round(wish.y + step * 24) };
    if (!boxes.some((box) => meets(boxAt(piece.size, place.x, place.y), box))) return place;
  }
  return wish;
}

export const meets = (a: Box, b: Box): boolean =>
  a.left < b.right + AROUND && b.left < a.right + AROUND && a.top < b.bottom + NAME && b.top < a.bottom + NAME;

/**
 * Places that the document holds for what is drawn: a folded part stands where its first block does. Nothing where it
 * holds none, or where it was arranged with other parts folded: a fresh layout is wanted then.
 */
export function knownPlaces(nodes: readonly { id: string; position: Point | null }[], { drawing, folded, open }: Folded): Map<string, Point> {
  const stored = new Map(nodes.flatMap((node) => (node.position ? [[node.id, node.position] as const] : [])));
  const onlyFirst = (part: Foldable) => stored.has(part.ids[0] ?? "") && !part.ids.some((id, at) => at > 0 && stored.has(id));
  const severalPieces = (part: Foldable) => shown(part, drawing).length > 1;
  if (folded.some((part) => part.pieces.length > 1 && !onlyFirst(part)) || open.some((part) => severalPieces(part) && onlyFirst(part))) return new Map();
  const places = new Map<string, Point>();
  for (const piece of drawing.pieces.values()) {
    const place = stored.get(anchorOf(piece));
    if (place) places.set(piece.id, place);
  }
  return places;
}

/** The block whose place in the document is the piece's. */
export const anchorOf = (piece: Piece): string => piece.fold?.ids[0] ?? piece.id;
