import type { Edge } from "../../generated/types";
import { shapeText } from "../../canvas/words";
import { type Column, valuesOf } from "../costColumns";

/** All blocks that lie equally deep, side by side. */
export interface Depth {
  /** Places of its columns in `columns`, neighbours of one another. */
  first: number;
  count: number;
  /** Values that pass here: what its blocks give out, and what of earlier blocks a later one still reads. */
  carried: number;
}

export interface Volume {
  /** From the input on, those side by side as neighbours; those of unknown shape come last and have no depth. */
  columns: Column[];
  depths: Depth[];
}

/**
 * The data volume along the network. A block's depth is the longest way from the input to it; the values that pass a
 * depth are a cut through the network, so that a branch which waits for another still counts.
 */
export function volumeOf(columns: readonly Column[], edges: readonly Edge[]): Volume {
  const at = new Map(columns.flatMap((column) => column.ids.map((id) => [id, column.id] as const)));
  const before = new Map<string, Set<string>>();
  for (const edge of edges) {
    const [source, target] = [at.get(edge.source), at.get(edge.target)];
    if (source === undefined || target === undefined || source === target) continue;
    before.set(target, (before.get(target) ?? new Set()).add(source));
  }
  const known = columns.filter((column) => column.shape !== null);
  const depth = new Map<string, number>();
  const lastRead = new Map<string, number>();
  for (const column of known) {
    const sources = [...(before.get(column.id) ?? [])].filter((id) => depth.has(id));
    const mine = sources.reduce((deepest, id) => Math.max(deepest, (depth.get(id) ?? 0) + 1), 0);
    depth.set(column.id, mine);
    for (const id of sources) lastRead.set(id, Math.max(lastRead.get(id) ?? 0, mine));
  }
  const sorted = known.toSorted((a, b) => (depth.get(a.id) ?? 0) - (depth.get(b.id) ?? 0));
  const depths: Depth[] = [];
  sorted.forEach((column, index) => {
    const mine = depth.get(column.id) ?? 0;
    const carried = valuesOf(column.shape);
    const here = depths[mine];
    if (here) Object.assign(here, { count: here.count + 1, carried: here.carried + carried });
    else depths[mine] = { first: index, count: 1, carried };
  });
  for (const column of sorted) {
    const mine = depth.get(column.id) ?? 0;
    for (let later = mine + 1; later < (lastRead.get(column.id) ?? 0); later += 1) {
      const waits = depths[later];
      if (waits) waits.carried += valuesOf(column.shape);
    }
  }
  return { columns: [...sorted, ...columns.filter((column) => column.shape === null)], depths };
}

/** The depth where the volume falls most, as a factor; null where it never falls. */
export function steepest(depths: readonly Depth[]): { at: number; fold: number } | null {
  let best: { at: number; fold: number } | null = null;
  for (let at = 1; at < depths.length; at += 1) {
    const fold = (depths[at - 1]?.carried ?? 0) / Math.max(1, depths[at]?.carried ?? 0);
    if (fold > 1 && fold > (best?.fold ?? 0)) best = { at, fold };
  }
  return best;
}

export const foldText = (fold: number): string => (fold >= 9.95 ? fold.toFixed(0) : fold.toFixed(1).replace(/\.0$/, ""));

/** The line in one sentence, for those who do not see it. */
export function spokenVolume({ columns, depths }: Volume): string {
  const end = depths.at(-1);
  const [first, last] = [columns[0], columns[(end?.first ?? 0) + (end?.count ?? 0) - 1]];
  if (!first || !last || depths.length < 2) return "There is no way through the network yet.";
  const many = (count: number) => count.toLocaleString("en-GB");
  const start = `From ${shapeText(first.shape)}, ${many(valuesOf(first.shape))} values, to ${many(valuesOf(last.shape))} in ${depths.length - 1} steps.`;
  const fall = steepest(depths);
  const blocks = fall && columns.slice(depths[fall.at]?.first, (depths[fall.at]?.first ?? 0) + (depths[fall.at]?.count ?? 0));
  if (!fall || !blocks) return `${start} It never falls.`;
  const from = many(depths[fall.at - 1]?.carried ?? 0);
  return `${start} The steepest fall is at ${blocks.map((column) => column.label).join(" and ")}: from ${from} to ${many(depths[fall.at]?.carried ?? 0)}, ${foldText(fall.fold)}-fold.`;
}
