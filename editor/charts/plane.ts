/** Error against cost: which dots are best for their cost, and where dots, ticks and axes stand. Free of the page. */
import { niceTicks } from "./scale";

/** How a dot is drawn: filled is the common way its error was measured, the others tell less common ones apart. */
export type PlaneMark = "filled" | "hollow" | "dashed" | "dotted";

export interface PlanePoint {
  id: string;
  name: string;
  /** Written after the name, paler: "run 3". */
  after?: string;
  /** Multiply-adds or parameters; above 0. */
  cost: number;
  /** Percent. */
  error: number;
  /** What the area of the bubble stands for; above 0. */
  size: number;
  mark: PlaneMark;
  /** In words, for who does not see it: everything the dot stands for. */
  spoken: string;
  /** Where choosing it leads. */
  href: string;
  /** Token of a colour of its own. */
  token?: string;
}

type Placed = Pick<PlanePoint, "id" | "cost" | "error">;

/** The dots that no other beats: none that costs as little errs as rarely. From the cheapest on. */
export function bestForCost<P extends Placed>(points: readonly P[]): P[] {
  const best: P[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const point of points.toSorted((a, b) => a.cost - b.cost || a.error - b.error)) {
    if (point.error >= least) continue;
    least = point.error;
    best.push(point);
  }
  return best;
}

/** Shares of the axis that stay free at its ends, so that bubbles and names have room. */
const AROUND = 0.09;

/** Ends of a log axis over positive values; never less than a decade. */
export function costRange(costs: readonly number[]): [number, number] {
  const logs = costs.map(Math.log10);
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  const span = Math.max(1, high - low);
  const middle = (low + high) / 2;
  const half = span * (0.5 + AROUND);
  return [10 ** (middle - half), 10 ** (middle + half)];
}

/** Ends of the error axis in percent. Linear: within 0 and 100. Log: above 0, whatever the errors are. */
export function errorRange(errors: readonly number[], log: boolean): [number, number] {
  if (log) {
    const floor = errorFloor(errors);
    const [low, high] = costRange(errors.map((error) => Math.max(error, floor)));
    return [low, Math.max(low * 2, Math.min(100, high))];
  }
  const [low, high] = [Math.min(...errors), Math.max(...errors)];
  const half = Math.max(1, high - low) * (0.5 + AROUND);
  const middle = (low + high) / 2;
  return [Math.max(0, middle - half), Math.min(100, middle + half)];
}

/** Where an error of nought is drawn on a log axis: half the least error above it. */
export function errorFloor(errors: readonly number[]): number {
  const above = errors.filter((error) => error > 0);
  return above.length > 0 ? Math.min(...above) / 2 : 0.1;
}

/** Errors this many times apart can only be told from each other on a log axis. */
const FAR_APART = 12;

export function spreadsFar(errors: readonly number[]): boolean {
  const above = errors.filter((error) => error > 0);
  return above.length > 1 && Math.max(...above) / Math.min(...above) >= FAR_APART;
}

/** Ticks of a log axis: 1, 2 and 5 of each power of ten while there is room for them, else 1 alone, else every other power. */
export function ticksOfDecades(low: number, high: number, count: number): number[] {
  const all = (digits: number[], stride = 1) => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
      if (power % stride !== 0) continue;
      for (const digit of digits) ticks.push(Number(`${digit}e${power}`));
    }
    return ticks.filter((tick) => tick >= low && tick <= high);
  };
  const forms = [all([1, 2, 5]), all([1, 3]), all([1]), all([1], 2), all([1], 3)];
  return forms.find((ticks) => ticks.length <= count) ?? [];
}

export interface Axis {
  range: [number, number];
  ticks: number[];
  /** Share of the axis, 0 at its low end. */
  share: (value: number) => number;
}

export function logAxis(range: [number, number], count: number): Axis {
  const [low, high] = range.map(Math.log10) as [number, number];
  return { range, ticks: ticksOfDecades(...range, count), share: (value) => (Math.log10(value) - low) / (high - low) };
}

export function linearAxis(range: [number, number], count: number): Axis {
  const [low, high] = range;
  return { range, ticks: niceTicks(low, high, count), share: (value) => (value - low) / (high - low) };
}

/** Smaller bubbles could not be hit or told from a speck, px. */
const LEAST_RADIUS = 4;

/** Radius of a bubble whose area stands for a size; `most` has the largest radius. */
export function bubbleRadius(size: number, most: number, largest: number): number {
  return Math.max(LEAST_RADIUS, largest * Math.sqrt(size / most));
}

/** Radii of the bubbles in the key under a drawing, px. */
const KEY_RADII = [5, 9, 14];

/** Round sizes for the key, the smallest first, whose bubbles at the drawing's own scale are small enough for it. */
export function keySizes(most: number, largest: number): number[] {
  const round = (value: number) => {
    const power = Math.floor(Math.log10(value));
    return Number(`${Math.max(1, Math.floor(value / 10 ** power))}e${power}`);
  };
  const wanted = KEY_RADII.map((radius) => round(most * (Math.min(radius, largest) / largest) ** 2));
  return [...new Set(wanted)].filter((size) => size >= 1);
}

export type Way = "left" | "right" | "up" | "down";

/** The dot an arrow key leads to: left and right by cost, up and down by error, so that every dot is reached either way. */
export function nextDot(points: readonly Placed[], from: string, way: Way): string | null {
  const sideways = way === "left" || way === "right";
  const order = points.toSorted((a, b) => (sideways ? a.cost - b.cost || a.error - b.error : a.error - b.error || a.cost - b.cost));
  const at = order.findIndex((point) => point.id === from);
  const next = at + (way === "right" || way === "up" ? 1 : -1);
  return order[next]?.id ?? null;
}

export interface Spot {
  x: number;
  y: number;
}

/** The line through the best dots: along to the next one's cost, then down to its error. */
export function stepLine(spots: readonly Spot[], right: number): string {
  const [first] = spots;
  if (!first) return "";
  const rest = spots.slice(1).map(({ x, y }) => `H${x.toFixed(1)}V${y.toFixed(1)}`);
  return `M${first.x.toFixed(1)} ${first.y.toFixed(1)}${rest.join("")}H${right.toFixed(1)}`;
}
