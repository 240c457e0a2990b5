// What the axes of a comparison plane can show, and how its numbers are written.
import { fullCount, shortCount as breakable } from "../../canvas/words";
import type { PlaneMark, PlanePoint } from "../../charts/plane";

export type CostKind = "macs" | "parameters";
export type ErrorKind = "top1_error" | "top5_error";

export const COSTS: { value: CostKind; label: string; axis: string }[] = [
  { value: "macs", label: "Multiply-adds", axis: "multiply-adds, one image" },
  { value: "parameters", label: "Parameters", axis: "parameters" },
];

export const ERRORS: { value: ErrorKind; label: string; axis: string }[] = [
  { value: "top1_error", label: "Top-1", axis: "top-1 error on ImageNet, %" },
  { value: "top5_error", label: "Top-5", axis: "top-5 error on ImageNet, %" },
];

export const costAxis = (kind: CostKind): string => COSTS.find(({ value }) => value === kind)?.axis ?? kind;
export const errorAxis = (kind: ErrorKind): string => ERRORS.find(({ value }) => value === kind)?.axis ?? kind;
export const otherCost = (kind: CostKind): CostKind => (kind === "macs" ? "parameters" : "macs");

const MARKS: readonly PlaneMark[] = ["filled", "hollow", "dashed", "dotted"];

/** A mark for each way of measuring, the commonest filled; ways beyond the fourth share the last mark. */
export function marksOf(ways: readonly string[]): Map<string, PlaneMark> {
  const counts = new Map<string, number>();
  for (const way of ways) counts.set(way, (counts.get(way) ?? 0) + 1);
  const order = [...counts].sort(([, a], [, b]) => b - a).map(([way]) => way);
  return new Map(order.map((way, index) => [way, MARKS[Math.min(index, MARKS.length - 1)] as PlaneMark]));
}

/** 0.30%, 12.3%: a measured error with its figures in line. */
export const runError = (error: number): string => `${error.toFixed(error < 9.995 ? 2 : 1)}%`;

/** 5.71%, 18.2%: as papers give them. */
export const errorWords = (error: number): string => `${Number(error.toFixed(2))}%`;

export { fullCount };

/** "44.5 M", which never ends one line and begins the next. */
export const shortCount = (value: number): string => breakable(value).replace("\u2009", "\u202f");

/** One line for those who do not see the plane: how many, the best, and which to choose at a price. */
export function planeSummary(points: readonly PlanePoint[], best: readonly PlanePoint[], what: string, cost: string): string {
  const last = best.at(-1);
  const dots = `${what} by error and ${cost}: ${points.length === 1 ? "one dot" : `${points.length} dots`}.`;
  if (!last) return dots;
  const named = best.map((point) => `${point.name}${point.after ? ` ${point.after}` : ""}`);
  return `${dots} Fewest errors: ${named.at(-1)}, ${errorWords(last.error)}. Best for their cost, the cheapest first: ${named.join(", ")}. Arrow keys go from one to the next.`;
}
