import type { Drawing, Piece, Wire } from "./drawing";
import { type Foldable, type Folded, shown } from "./folding";
import type { Box, Size } from "./geometry";
import { hullsOf } from "./hulls";
import { layout, type Window } from "./layout";
import { routeAll } from "./route";
import type { Point } from "./rounded";

/** So large an open stage is drawn at least before its own blocks wrap into rows. */
const ENOUGH = 0.8;

/**
 * Places for a figure with open stages: each is laid out by itself, then takes part as one body in what it stands in,
 * so that its hull holds its own blocks and no others.
 */
export function arrange({ drawing, open }: Pick<Folded, "drawing" | "open">, window?: Window, words = true, under = 0): Map<string, Point> {
  if (open.length === 0) return layout(drawing, window, words);
  return placed(null, { drawing, open, window, words, under }).places;
}

const NOWHERE: Box = { left: 0, right: 0, top: 0, bottom: 0 };

interface Work {
  drawing: Drawing;
  open: readonly Foldable[];
  window: Window | undefined;
  words: boolean;
  under: number;
}

interface Placed {
  places: Map<string, Point>;
  /** What it covers, hull included. */
  box: Box;
}

function placed(group: Foldable | null, work: Work): Placed {
  const { drawing, window, words } = work;
  const inner = work.open.filter((other) => other.parent === (group?.key ?? null) && other !== group);
  const home = new Map(inner.flatMap((part) => shown(part, drawing).map((id) => [id, part.key] as const)));
  const mine = new Set(group ? shown(group, drawing) : drawing.pieces.keys());
  const parts = new Map(inner.map((part) => [part.key, { part, ...placed(part, work) }]));
  const bodies = new Map<string, Piece>();
  for (const id of mine) {
    const key = home.get(id) ?? id;
    const piece = drawing.pieces.get(id);
    const part = parts.get(key);
    if (piece && !bodies.has(key)) bodies.set(key, part ? hullPiece(piece, key, part, drawing) : piece);
  }
  const wires = between(drawing.wires, mine, home);
  const outer = layout({ ...drawing, pieces: bodies, wires }, window, words, group ? ENOUGH : undefined);
  const places = new Map<string, Point>();
  for (const [key, place] of outer) {
    const part = parts.get(key);
    if (!part) places.set(key, place);
    else for (const [id, inside] of part.places) places.set(id, moved(inside, part, place, drawing));
  }
  if (!group) return { places, box: NOWHERE };
  const routes = routeAll(drawing.pieces, drawing.wires.filter((wire) => mine.has(wire.source) && mine.has(wire.target)), places);
  return { places, box: hullsOf([group, ...inner], drawing, drawing.pieces, places, routes, work.under)[0]?.box ?? NOWHERE };
}

/** Level of the first piece: wires come in at its height. */
const levelOf = (part: Placed & { part: Foldable }, drawing: Drawing): number => part.places.get(shown(part.part, drawing)[0] ?? "")?.y ?? 0;

function hullPiece(first: Piece, key: string, part: Placed & { part: Foldable }, drawing: Drawing): Piece {
  const level = levelOf(part, drawing);
  const above = level - part.box.top;
  const below = part.box.bottom - level;
  const size: Size = { w: part.box.right - part.box.left, h: 2 * Math.min(above, below), dx: 0, dy: Math.max(0, above - below), foot: Math.max(0, below - above) };
  return { ...first, id: key, label: "", form: "hull", size, tabs: [] };
}

const moved = (inside: Point, part: Placed & { part: Foldable }, place: Point, drawing: Drawing): Point => ({
  x: Math.round(place.x + inside.x - part.box.left),
  y: Math.round(place.y + inside.y - levelOf(part, drawing)),
});

/** Wires between the bodies of a group, each pair once. */
function between(wires: readonly Wire[], mine: ReadonlySet<string>, home: ReadonlyMap<string, string>): Wire[] {
  const seen = new Set<string>();
  return wires.flatMap((wire) => {
    if (!mine.has(wire.source) || !mine.has(wire.target)) return [];
    const source = home.get(wire.source) ?? wire.source;
    const target = home.get(wire.target) ?? wire.target;
    if (source === wire.source && target === wire.target) return [wire];
    const name = `${source} ${target}`;
    if (source === target || seen.has(name)) return [];
    seen.add(name);
    return [{ ...wire, source, target }];
  });
}
