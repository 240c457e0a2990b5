/** Lines of the loss, accuracy and rate charts from a run's tables. */
import { smooth } from "../../charts/scale";
import type { Line } from "../../charts/line_chart";
import type { Event } from "../../generated/types";
import type { LiveRun, Series } from "../../live/live_run";
import type { TimeView } from "../../live/view";

const NOTHING = { steps: new Float64Array(0), values: new Float32Array(0) };

/** A figure's steps and values, for a line. */
export function drawn(series: Series | null): { steps: Float64Array; values: Float32Array } {
  return series ? { steps: series.table.steps, values: series.table.column(series.column) } : NOTHING;
}

/** Train as measured (faint) and smoothed, held out dashed. */
export function trainAndHeldOut(live: LiveRun, view: TimeView, quantity: "loss" | "accuracy", smoothing: number): Line[] {
  const train = drawn(live.series(quantity));
  const heldOut = drawn(live.column("validation", quantity));
  const [from, to] = view.range;
  const soft = smoothing > 0 ? smooth(train.steps, train.values, smoothing, to - from) : train.values;
  const at = live.table("steps")?.rowAt(view.shown) ?? -1;
  return [
    { label: "", token: "series-1", width: 1, opacity: 0.28, ...train, ranges: smoothing === 0 },
    { label: "train", token: "series-1", steps: train.steps, values: soft, shown: soft[at] ?? Number.NaN },
    { label: "held out", token: "series-2", dash: [5, 3], marks: true, ...heldOut, shown: live.heldOut(quantity, view.shown) },
  ];
}

/** Magnitudes smoothed on their logarithms, as they are drawn. */
export function smoothMagnitude(line: { steps: Float64Array; values: Float32Array }, smoothing: number, range: number) {
  if (smoothing === 0) return line;
  const logs = line.values.map((value) => (value > 0 ? Math.log10(value) : Number.NaN));
  return { steps: line.steps, values: smooth(line.steps, logs, smoothing, range).map((log) => 10 ** log) };
}

const FLAGGED: ReadonlySet<Event["name"]> = new Set(["learning_rate", "restarted", "continued", "warning", "rule"]);

/** Steps that carry a flag through all charts. */
export function flagSteps(live: LiveRun): number[] {
  return live.events.filter((event) => FLAGGED.has(event.name)).map((event) => event.step);
}

/** Evenly spaced rows of a stream for a table, the newest last. */
export function sampledSteps(live: LiveRun, count: number): number[] {
  const steps = live.table("steps")?.steps ?? new Float64Array(0);
  const rows = Math.min(count, steps.length);
  return Array.from({ length: rows }, (_, index) => steps[Math.round(((index + 1) * steps.length) / rows) - 1] as number);
}

/** Round limits with a little air, from 0 where that is near. */
export function airy(low: number, high: number, log: boolean): [number, number] {
  if (log) return [10 ** (Math.log10(low) - 0.15), 10 ** (Math.log10(high) + 0.15)];
  const span = high - low || Math.abs(high) || 1;
  const floor = low >= 0 && low < 0.35 * high ? 0 : low - 0.08 * span;
  return [floor, high + 0.06 * span];
}

/** 0 to 100 %, or only the top of it once the run is there. */
export function accuracyRange(low: number): [number, number] {
  const floor = [0.98, 0.95, 0.9, 0.8, 0.5].find((limit) => low >= limit + 0.15 * (1 - limit)) ?? 0;
  return [floor, 1];
}
