/** The curves of the compared runs: read from the site's answer, turned to the axis they are drawn over. */
import { smooth } from "../../charts/scale";
import type { ComparedRun, Comparison, RunRows } from "../../generated/types";
import { Table } from "../../live/table";
import { float32, readContainer, readRecord, uint32 } from "../../net/wire";

export type Quantity = "loss" | "accuracy";
export type Across = "step" | "epoch" | "time";
export type Part = "train" | "validation";

/** Steps that a row of each level stands for. */
const SPAN = [1, 64, 4096];
const STREAM = { train: "steps", validation: "validation" } as const;

/** A stream's rows with the names of their columns. */
interface Stream {
  series: string[];
  /** As measured; of a row that stands for many the least and the most. */
  table: Table;
  /** The same with the middle between least and most: smoothing both in turn would follow the spacing of the rows. */
  middles: Table;
}

export type RunCurves = Map<string, Stream>;

export interface Compared {
  comparison: Comparison;
  curves: ReadonlyMap<string, RunCurves>;
}

/** The site's binary answer. Throws WireError. */
export function readComparison(bytes: ArrayBuffer): Compared {
  let comparison: Comparison | null = null;
  const curves = new Map<string, RunCurves>();
  for (const record of readContainer(new Uint8Array(bytes))) {
    const { header, payload } = readRecord(record);
    if (header.kind === "comparison") comparison = header as unknown as Comparison;
    if (header.kind === "run_rows") take(curves, header as unknown as RunRows, payload);
  }
  if (!comparison) throw new Error("The site's answer holds no comparison. Reload the page.");
  return { comparison, curves };
}

function take(curves: Map<string, RunCurves>, header: RunRows, payload: Uint8Array): void {
  const { run, stream, columns, count, level } = header;
  const ofRun = curves.get(run) ?? new Map<string, Stream>();
  curves.set(run, ofRun);
  const known = ofRun.get(stream) ?? { series: header.series.map(({ quantity }) => quantity), table: new Table(columns), middles: new Table(columns) };
  ofRun.set(stream, known);
  const steps = uint32(payload, 0, count);
  const column = (index: number) => float32(payload, 4 * count * (1 + index), count);
  const low = Array.from({ length: columns }, (_, index) => column(index));
  if (level === 0) {
    known.table.append(steps, low);
    known.middles.append(steps, low);
    return;
  }
  const high = Array.from({ length: columns }, (_, index) => column(columns + index));
  known.table.appendBuckets(steps, low, high, SPAN[level] ?? 1);
  const middles = low.map((values, index) => values.map((value, row) => (value + ((high[index] as Float32Array)[row] as number)) / 2));
  known.middles.append(steps, middles);
}

/** Curves of an answer that brought but some of the runs, the others as they were. */
export const joined = (before: ReadonlyMap<string, RunCurves>, newer: ReadonlyMap<string, RunCurves>): Map<string, RunCurves> => new Map([...before, ...newer]);

export interface Rows {
  xs: Float64Array;
  values: Float32Array;
  /** What a smoothed line is made of. */
  middles?: Rows;
}

/** A curve over the chosen axis; null where the run has none, or the axis is not known of it. */
export function rowsOf(run: ComparedRun, curves: RunCurves | undefined, part: Part, quantity: Quantity, across: Across): Rows | null {
  const stream = curves?.get(STREAM[part]);
  const at = stream?.series.indexOf(quantity) ?? -1;
  if (!stream || at < 0 || stream.table.length === 0) return null;
  const xs = placesOf(run, stream.table.steps, across);
  const middles = placesOf(run, stream.middles.steps, across);
  return xs && middles && { xs, values: stream.table.column(at), middles: { xs: middles, values: stream.middles.column(at) } };
}

/** Steps as epochs or as seconds of training. */
export function placesOf(run: Pick<ComparedRun, "steps_per_epoch" | "clock">, steps: Float64Array, across: Across): Float64Array | null {
  if (across === "step") return steps;
  if (across === "epoch") {
    const each = run.steps_per_epoch;
    return each ? steps.map((step) => step / each) : null;
  }
  const { clock } = run;
  if (clock.length < 2) return null;
  let at = 0;
  return steps.map((step) => {
    while (at < clock.length - 2 && (clock[at + 1] as [number, number])[0] < step) at += 1;
    const [from, begin] = clock[at] as [number, number];
    const [to, end] = clock[at + 1] as [number, number];
    return begin + ((step - from) / Math.max(1, to - from)) * (end - begin);
  });
}

/** Smoothed over the visible range, as on the Train page. */
export function smoothed(rows: Rows, smoothing: number, range: number): Rows {
  if (smoothing === 0) return rows;
  const { xs, values } = rows.middles ?? rows;
  return { xs, values: smoothOver({ xs, values }, smoothing, range) };
}

/** `smooth` takes a range below 1 for 1: epochs and minutes are stretched. */
function smoothOver({ xs, values }: Rows, smoothing: number, range: number): Float32Array {
  const stretch = 1000 / Math.max(range, 1e-9);
  return smooth(xs.map((x) => x * stretch), values, smoothing, 1000);
}

/** The value at or before a place; NaN before the first. */
export function valueAt({ xs, values }: Rows, x: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  for (let at = low - 1; at >= 0 && at > low - 65; at -= 1) if (Number.isFinite(values[at])) return values[at] as number;
  return Number.NaN;
}
