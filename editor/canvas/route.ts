import type { Piece, Wire } from "./drawing";
import { type Box, boxAt } from "./geometry";
import { groupBy } from "./groups";
import type { Hull } from "./hulls";
import { nameSize } from "./names";
import { type Point, rounded, swing } from "./rounded";

/** Where the pieces stand: the left end of each face's middle line. */
export type Places = ReadonlyMap<string, Point>;

export interface Route {
  d: string;
  /** Middle of the stretch that has room for the shape, and that room in px; null where none has. */
  label: Label | null;
  start: Point;
  end: Point;
}

interface Label {
  x: number;
  y: number;
  room: number;
  /** A shortcut carries the whole shape, in one line. */
  whole: boolean;
  /** Both lines stand over the wire: under it are the names of small blocks. */
  over?: boolean;
}

interface Situation {
  boxes: ReadonlyMap<string, Box>;
  pieces: ReadonlyMap<string, Piece>;
  wiresOut: ReadonlyMap<string, Wire[]>;
  wiresIn: ReadonlyMap<string, Wire[]>;
  hulls: readonly Hull[];
}

interface RouteOptions {
  /** Outlines that a wire which leaves them keeps clear of. */
  hulls?: readonly Hull[];
  /** Only wires that touch these pieces are led anew, the others keep `before`. */
  only?: ReadonlySet<string>;
  before?: ReadonlyMap<string, Route>;
}

/** Length of the common stem of wires that fan out, so that it carries their one label. */
export const STEM = 42;
const ARROW_GAP = 2;
/** Room kept around blocks. */
const MARGIN = 7;
const MOST_SWING = 84;
/** Between a hull and the wire that runs down beside it. */
const CLEAR = 13;

export function situation(pieces: ReadonlyMap<string, Piece>, wires: readonly Wire[], places: Places, hulls: readonly Hull[] = []): Situation {
  const boxes = new Map<string, Box>();
  for (const [id, piece] of pieces) {
    const place = places.get(id);
    if (place) boxes.set(id, boxAt(piece.size, place.x, place.y));
  }
  return { boxes, pieces, wiresOut: groupBy(wires, (wire) => wire.source), wiresIn: groupBy(wires, (wire) => wire.target), hulls };
}

/** The way of each wire. */
export function routeAll(pieces: ReadonlyMap<string, Piece>, wires: readonly Wire[], places: Places, { hulls = [], only, before }: RouteOptions = {}): Map<string, Route> {
  const here = situation(pieces, wires, places, hulls);
  const routes = new Map<string, Route>();
  for (const wire of wires) {
    const kept = only && !only.has(wire.source) && !only.has(wire.target) ? before?.get(wire.key) : undefined;
    const route = kept ?? routeOne(wire, places, here);
    if (route?.label && !route.label.whole && isLow(wire, here)) route.label.over = true;
    if (route) routes.set(wire.key, route);
  }
  return routes;
}

function routeOne(wire: Wire, places: Places, here: Situation): Route | null {
  const source = here.pieces.get(wire.source);
  const from = places.get(wire.source);
  const to = places.get(wire.target);
  if (!source || !from || !to) return null;
  const start = { x: from.x + source.size.w + source.size.dx, y: from.y };
  const gap = here.pieces.get(wire.target)?.form === "point" ? 0 : ARROW_GAP;
  const end = { x: to.x - gap, y: to.y + portOffset(wire, places, here) };
  if (end.x - start.x < 10) return around(wire, start, end, here);
  const level = Math.abs(end.y - start.y) < 2;
  if (level && free(here, wire, start.y, start.x, end.x)) return straight(start, end);
  if (here.pieces.get(wire.target)?.form === "disc" && Math.abs(end.y - start.y) > 20) {
    const dropped = dropOnto(wire, start, to, here);
    if (dropped) return dropped;
  }
  if (!level) {
    const swung = swingOver(wire, start, end, here);
    if (swung) return swung;
  }
  return bridge(wire, start, end, to, here);
}

/** So high must a block be over its wire that the number under the wire stays clear of its name. */
const LOW = 21;

const isLow = (wire: Wire, { pieces }: Situation): boolean =>
  [pieces.get(wire.source), pieces.get(wire.target)].some((piece) => piece && piece.form !== "hull" && piece.form !== "point" && piece.size.h / 2 < LOW);

function straight(start: Point, end: Point): Route {
  const room = end.x - start.x - 8;
  return { d: rounded([start, end]), label: { x: (start.x + end.x) / 2 - 2, y: start.y, room, whole: false }, start, end };
}

/** Curved wires bend where they meet others: after the stem they share, or before the block they share. */
function swingOver(wire: Wire, start: Point, end: Point, here: Situation): Route | null {
  const fans = (here.wiresOut.get(wire.source)?.length ?? 0) > 1;
  const length = end.x - start.x;
  const stem = fans ? Math.min(STEM, length * 0.4) : Math.min(8, length * 0.1);
  const reach = Math.min(MOST_SWING, length - stem - 8);
  const early = start.x + stem;
  const late = end.x - 8 - reach;
  const tight = Math.max(18, firstAhead(wire, start, end, here) - early - MARGIN - 2);
  const ways = fans ? [[early, reach], [early, Math.min(reach, tight)], [late, reach]] : [[late, reach], [early, reach], [early, Math.min(reach, tight)]];
  for (const [bend = early, reach = MOST_SWING] of ways) {
    if (!free(here, wire, start.y, start.x, bend) || !free(here, wire, end.y, bend + reach, end.x)) continue;
    if (!freeSwing(here, wire, start.y, end.y, bend, reach)) continue;
    const first = { x: (start.x + bend) / 2, y: start.y, room: bend - start.x - 4, whole: false };
    const last = { x: (bend + reach + end.x) / 2 - 2, y: end.y, room: end.x - bend - reach - 10, whole: false };
    return { d: swing(start, end, bend, reach), label: first.room >= last.room || fans ? first : last, start, end };
  }
  return null;
}

/** Where the first block stands that a swing from start to end could run into. */
function firstAhead(wire: Wire, start: Point, end: Point, here: Situation): number {
  const low = Math.min(start.y, end.y);
  const high = Math.max(start.y, end.y);
  const ahead = others(here, wire).filter((box) => box.left > start.x && box.left < end.x && box.bottom > low && box.top < high);
  return Math.min(end.x, ...ahead.map((box) => box.left));
}

/** No block stands where the wire swings over: the curve is tried at a few points. */
function freeSwing(here: Situation, wire: Wire, from: number, to: number, bend: number, reach: number): boolean {
  for (let step = 1; step < 8; step += 1) {
    const t = step / 8;
    const y = from + (to - from) * (3 * t * t - 2 * t * t * t);
    // x of a cubic whose inner points both stand in the middle
    const x = bend + reach * (t * t * t + 1.5 * t * (1 - t));
    if (!free(here, wire, y, x - 1, x + 1)) return false;
  }
  return true;
}

/** Into a disc from above or below, as a shortcut does. */
function dropOnto(wire: Wire, start: Point, disc: Point, here: Situation): Route | null {
  const middle = disc.x + 12;
  if (!free(here, wire, start.y, start.x, middle)) return null;
  const end = { x: middle, y: disc.y + (start.y < disc.y ? -12 - ARROW_GAP : 12 + ARROW_GAP) };
  const label = { x: (start.x + middle) / 2, y: start.y, room: middle - start.x - 16, whole: false };
  return { d: rounded([start, { x: middle, y: start.y }, end]), label, start, end };
}

/** Over the blocks between, into a disc from above or into a face from the left. */
function bridge(wire: Wire, start: Point, end: Point, to: Point, here: Situation): Route {
  const between = others(here, wire).filter((box) => box.right > start.x && box.left < end.x);
  const near = between.filter((box) => box.top < Math.max(start.y, end.y) + 30 && box.bottom > Math.min(start.y, end.y) - 30);
  const own = [here.boxes.get(wire.source), here.boxes.get(wire.target)].flatMap((box) => (box ? [box.top] : []));
  const top = Math.min(...near.map((box) => box.top), ...own, start.y - 30) - 14;
  const leave = start.x + 9;
  const label = { x: (leave + end.x) / 2, y: top, room: end.x - leave - 20, whole: true };
  if (here.pieces.get(wire.target)?.form === "disc") {
    const over = { x: to.x + 12, y: to.y - 12 - ARROW_GAP };
    return { d: rounded([start, { x: leave, y: start.y }, { x: leave, y: top }, { x: over.x, y: top }, over]), label, start, end: over };
  }
  const enter = end.x - 16;
  const corners = [{ x: leave, y: start.y }, { x: leave, y: top }, { x: enter, y: top }, { x: enter, y: end.y }];
  return { d: rounded([start, ...corners, end]), label, start, end };
}

/** Back to the left: out, through the widest gap between the rows, and in again. As a line of text wraps. */
function around(wire: Wire, start: Point, end: Point, here: Situation): Route {
  const left = here.hulls.filter((hull) => hull.pieces.includes(wire.source) && !hull.pieces.includes(wire.target));
  const entered = here.hulls.filter((hull) => hull.pieces.includes(wire.target) && !hull.pieces.includes(wire.source));
  const out = Math.max(start.x + STEM + 4, ...left.map((hull) => hull.box.right + CLEAR));
  const into = Math.min(end.x - 22, ...entered.map((hull) => hull.box.left - CLEAR));
  const low = Math.min(start.y, end.y);
  const high = Math.max(start.y, end.y);
  const lane = high - low < 24 ? laneBelow(wire, into, out, high, here) : widestGap(wire, into, out, low, high, here);
  const corners = [{ x: out, y: start.y }, { x: out, y: lane }, { x: into, y: lane }, { x: into, y: end.y }];
  return { d: rounded([start, ...corners, end]), label: { x: (start.x + out) / 2 - 1, y: start.y, room: out - start.x - 2, whole: false }, start, end };
}

function laneBelow(wire: Wire, left: number, right: number, y: number, here: Situation): number {
  const under = lying(wire, here).filter((box) => box.right > left && box.left < right && box.top < y + 60 && box.bottom > y - 60);
  return Math.max(y + 30, ...under.map((box) => box.bottom + 8));
}

function widestGap(wire: Wire, left: number, right: number, low: number, high: number, here: Situation): number {
  const spans = lying(wire, here)
    .filter((box) => box.right > left && box.left < right)
    .map((box) => [box.top, box.bottom] as const)
    .sort((a, b) => a[0] - b[0]);
  let best = { size: 0, middle: (low + high) / 2 };
  let floor = low;
  for (const [top, bottom] of [...spans, [high, high] as const]) {
    const ceiling = Math.min(top, high);
    if (ceiling - floor > best.size) best = { size: ceiling - floor, middle: (ceiling + floor) / 2 };
    floor = Math.max(floor, bottom);
  }
  return best.middle;
}

/** What a wire between rows keeps clear of: blocks with their names, and hulls it does not run in. */
function lying(wire: Wire, here: Situation): Box[] {
  const blocks = [...here.boxes].map(([id, box]) => ({ ...box, bottom: box.bottom + nameHeight(here.pieces.get(id)) }));
  const hulls = here.hulls.filter(({ pieces }) => !pieces.includes(wire.source) || !pieces.includes(wire.target)).map((hull) => hull.box);
  return [...blocks, ...hulls];
}

/** Several wires into one face are spread over it, in the order they come from above. */
function portOffset(wire: Wire, places: Places, here: Situation): number {
  const all = here.wiresIn.get(wire.target) ?? [];
  const target = here.pieces.get(wire.target);
  if (all.length < 2 || !target || target.form === "disc") return 0;
  const height = (other: Wire) => places.get(other.source)?.y ?? 0;
  const order = all.toSorted((a, b) => height(a) - height(b));
  const step = Math.min(11, (target.size.h - 8) / (all.length - 1));
  return (order.indexOf(wire) - (all.length - 1) / 2) * step;
}

/** No block stands on this level stretch. */
function free(here: Situation, wire: Wire, y: number, left: number, right: number): boolean {
  for (const [id, box] of here.boxes) {
    if (id === wire.source || id === wire.target) continue;
    if (box.right > left && box.left < right && y > box.top - MARGIN && y < box.bottom + MARGIN) return false;
  }
  return true;
}

function others(here: Situation, wire: Wire): Box[] {
  const found: Box[] = [];
  for (const [id, box] of here.boxes) if (id !== wire.source && id !== wire.target) found.push(box);
  return found;
}

const nameHeight = (piece: Piece | undefined): number => (piece ? nameSize(piece).height : 0);
