import { Graph, layout as dagre } from "@dagrejs/dagre";
import type { Drawing, Piece, Wire } from "./drawing";
import { boxAt } from "./geometry";
import { nameSize } from "./names";
import type { Point } from "./rounded";
import { STEM } from "./route";
import { shapeLines } from "./words";

export interface Window {
  width: number;
  height: number;
}

const ROW_GAP = 62;
const INDENT = 30;
/** No figure is shown larger, however small it is. */
export const LARGEST_ZOOM = 1.35;
/** Between blocks while there is no wire at all: room for the first ones. */
const LOOSE = 220;

/**
 * Place every piece from left to right; a figure too long for the window wraps into rows, as in a paper.
 * Without words nothing keeps room for names and shapes. Rows are added until the figure can be shown `largest` times
 * its size.
 */
export function layout(drawing: Drawing, window?: Window, words = true, largest = LARGEST_ZOOM): Map<string, Point> {
  const places = inOneRow(drawing, words);
  return window ? wrap(drawing, places, window, largest) : places;
}

/** dagre keeps its nodes in plain objects, in which a block called "constructor" stands already. */
const key = (id: string): string => `#${id}`;

function inOneRow({ pieces, wires }: Drawing, told: boolean): Map<string, Point> {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", ranker: "tight-tree", nodesep: 26, ranksep: 26, edgesep: 18, marginx: 0, marginy: 0 });
  for (const piece of pieces.values()) {
    const { left, right } = reach(piece, told);
    graph.setNode(key(piece.id), { width: left + right, height: 2 * (piece.size.h / 2 + Math.max(piece.size.dy, piece.size.foot ?? 0, told ? nameSize(piece).height : 0)) });
  }
  const fanOut = new Map<string, number>();
  for (const wire of wires) fanOut.set(wire.source, (fanOut.get(wire.source) ?? 0) + 1);
  for (const wire of wires) {
    if (isShortcut(wire, wires)) continue;
    const words = Math.max(...shapeLines(wire.shape).map((line) => line.length), 2);
    const width = (told ? words * 6.4 : 4) + ((fanOut.get(wire.source) ?? 0) > 2 ? STEM + 24 : 0);
    graph.setEdge(key(wire.source), key(wire.target), { width, height: 12, labelpos: "c", weight: 1 }, wire.key);
  }
  const loose = [...pieces.keys()].filter((id) => !wires.some((wire) => wire.source === id || wire.target === id));
  for (const [index, id] of loose.entries()) {
    const before = loose[index - 1];
    if (before !== undefined && !wires.length) graph.setEdge(key(before), key(id), { width: LOOSE, height: 12, labelpos: "c", weight: 1 }, id);
  }
  dagre(graph);
  const places = new Map<string, Point>();
  for (const piece of pieces.values()) {
    const node = graph.node(key(piece.id)) as { x: number; y: number };
    const { left, right } = reach(piece, told);
    places.set(piece.id, { x: Math.round(node.x - (left + right) / 2 + left), y: Math.round(node.y) });
  }
  return places;
}

/** A wire past blocks that its source feeds as well. It is led over them, and has no say in where they stand. */
function isShortcut(wire: Wire, wires: readonly Wire[]): boolean {
  const seen = new Set<string>();
  const queue = wires.filter((other) => other !== wire && other.source === wire.source && other.target !== wire.target).map((other) => other.target);
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    if (id === wire.target) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    for (const other of wires) if (other.source === id) queue.push(other.target);
  }
  return false;
}

/** Room a piece takes to either side of its place, its name included. */
function reach(piece: Piece, told: boolean): { left: number; right: number } {
  const { width } = nameSize(piece);
  const name = told && width > 0 ? width + 10 : 0;
  const middle = piece.size.w / 2;
  return { left: Math.max(0, name / 2 - middle), right: Math.max(piece.size.w + piece.size.dx, middle + name / 2) };
}

interface Row {
  ids: string[];
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function wrap(drawing: Drawing, places: Map<string, Point>, window: Window, largest: number): Map<string, Point> {
  const ordered = [...places.keys()].sort((a, b) => (places.get(a)?.x ?? 0) - (places.get(b)?.x ?? 0));
  const cuts = cutsOf(drawing, places, ordered);
  let best = { zoom: 0, rows: [] as Row[] };
  for (let count = 1; count <= Math.min(14, cuts.length + 1); count += 1) {
    const rows = breakInto(count, ordered, cuts, drawing, places);
    const width = Math.max(...rows.map((row) => row.right - row.left)) + (count > 1 ? INDENT + STEM + 12 : 0);
    const height = rows.reduce((sum, row) => sum + row.bottom - row.top + ROW_GAP, -ROW_GAP);
    const zoom = Math.min(largest, window.width / width, window.height / height);
    if (zoom > best.zoom * 1.12) best = { zoom, rows };
  }
  return stack(best.rows, places);
}

/** Indices in `ordered` where a row may begin: one wire alone crosses there. */
function cutsOf({ wires }: Drawing, places: Map<string, Point>, ordered: string[]): number[] {
  const at = (id: string) => places.get(id)?.x ?? 0;
  return ordered.flatMap((id, index) => {
    if (index === 0) return [];
    const x = at(id);
    return wires.filter((wire) => at(wire.source) < x && at(wire.target) >= x).length === 1 ? [index] : [];
  });
}

function breakInto(count: number, ordered: string[], cuts: number[], drawing: Drawing, places: Map<string, Point>): Row[] {
  const x = (index: number) => places.get(ordered[index] ?? "")?.x ?? 0;
  const first = x(0);
  const span = x(ordered.length - 1) - first;
  const starts = new Set([0]);
  for (let row = 1; row < count; row += 1) {
    const wish = first + (span * row) / count;
    const nearest = cuts.toSorted((a, b) => Math.abs(x(a) - wish) - Math.abs(x(b) - wish))[0];
    if (nearest !== undefined) starts.add(nearest);
  }
  const marks = [...starts].sort((a, b) => a - b);
  return marks.map((start, index) => rowOf(ordered.slice(start, marks[index + 1]), drawing, places));
}

function rowOf(ids: string[], { pieces }: Drawing, places: Map<string, Point>): Row {
  const row: Row = { ids, left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
  for (const id of ids) {
    const piece = pieces.get(id);
    const place = places.get(id);
    if (!piece || !place) continue;
    const box = boxAt(piece.size, place.x, place.y);
    row.left = Math.min(row.left, box.left);
    row.right = Math.max(row.right, box.right);
    row.top = Math.min(row.top, box.top);
    row.bottom = Math.max(row.bottom, box.bottom + nameSize(piece).height);
  }
  return row;
}

function stack(rows: Row[], places: Map<string, Point>): Map<string, Point> {
  const result = new Map<string, Point>();
  let top = 0;
  rows.forEach((row, index) => {
    const left = index === 0 ? 0 : INDENT;
    for (const id of row.ids) {
      const place = places.get(id) ?? { x: 0, y: 0 };
      result.set(id, { x: Math.round(place.x - row.left + left), y: Math.round(place.y - row.top + top) });
    }
    top += row.bottom - row.top + ROW_GAP;
  });
  return result;
}
