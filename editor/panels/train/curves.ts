/** Lines of the loss, accuracy and rate charts from a run's tables. */
import { rowAt } from "../../charts/band";
import { smooth } from "../../charts/scale";
import type { Flag, Line, Named } from "../../charts/line_picture";
import { remembered } from "../../charts/remember";
import { joinedBySteps, type Sheet } from "../../charts/sheet";
import { percent, short, whole } from "../../charts/words";
import type { LiveRun, Series } from "../../live/live_run";
import type { TimeView } from "../../live/view";

const NOTHING = { steps: new Float64Array(0), values: new Float32Array(0) };

/** A figure's steps and values, for a line. */
export function drawn(series: Series | null): { steps: Float64Array; values: Float32Array } {
  return series ? { steps: series.table.steps, values: series.table.column(series.column) } : NOTHING;
}

/** Train smoothed over what was measured, held out dashed with its best. */
export function trainAndHeldOut(live: LiveRun, view: TimeView, quantity: "loss" | "accuracy", smoothing: number): Line[] {
  const series = view.series(quantity);
  const train = drawn(series);
  const held = live.column("validation", quantity);
  const heldOut = drawn(view.column("validation", quantity));
  const [from, to] = view.range;
  const soft =
    series && smoothing > 0
      ? remembered(series.table, `smooth ${quantity}`, `${smoothing} ${to - from}`, () => smooth(train.steps, train.values, smoothing, to - from))
      : train.values;
  const at = rowAt(train.steps, view.edge);
  return [
    { label: "train", token: "series-1", steps: train.steps, values: soft, shown: soft[at] ?? Number.NaN, ...(smoothing > 0 ? { raw: train } : {}) },
    { label: "held out", token: "series-2", dash: [5, 3], marks: true, ...heldOut, ...(quantity === "loss" ? { rangesTo: farOff(series, held) } : {}), shown: view.valueAt(held), best: bestNamed(live, quantity) },
  ];
}

/** So many times what training ever showed. */
const FAR_OFF = 5;

/** A held-out loss above this would flatten all the rest: while batch norm's statistics are young, a deep stack of it guesses wildly. The last one is always news. */
function farOff(train: Series | null, held: Series | null): number {
  if (!train || !held) return Number.POSITIVE_INFINITY;
  const highest = remembered(train.table, `highest ${train.column}`, "", () => train.table.column(train.column).reduce((most, value) => (value > most && value < Number.POSITIVE_INFINITY ? value : most), 0));
  const last = held.table.column(held.column).at(-1) ?? 0;
  return highest > 0 && last <= FAR_OFF * highest ? FAR_OFF * highest : Number.POSITIVE_INFINITY;
}

export interface Best {
  step: number;
  value: number;
}

/** The lowest loss or the highest accuracy of the whole held-out part; of its samples where it was never measured whole. */
export function bestHeldOut(live: LiveRun, quantity: "loss" | "accuracy"): Best | null {
  const series = live.column("validation", quantity);
  if (!series) return null;
  const { table } = series;
  return remembered(table, `best ${quantity}`, "", () => {
    const values = table.column(series.column);
    const sample = live.column("validation", "sample");
    const partly = sample ? table.column(sample.column) : new Float32Array(values.length);
    const better = (value: number, than: number) => (quantity === "loss" ? value < than : value > than);
    let best: (Best & { whole: boolean }) | null = null;
    for (let row = 0; row < values.length; row += 1) {
      const value = values[row] as number;
      if (!Number.isFinite(value)) continue;
      const wholly = !((partly[row] as number) > 0);
      if (!best || (wholly && !best.whole) || (wholly === best.whole && better(value, best.value))) best = { step: table.steps[row] as number, value, whole: wholly };
    }
    return best;
  });
}

function bestNamed(live: LiveRun, quantity: "loss" | "accuracy"): Named | null {
  const best = bestHeldOut(live, quantity);
  return best && { ...best, name: `best ${quantity === "loss" ? short(best.value) : percent(best.value)}` };
}

/** "best held out 97.2% at step 1,200"; empty where nothing was held out yet. */
export function bestWords(live: LiveRun): string {
  const best = bestHeldOut(live, "accuracy");
  return best ? `best held out ${percent(best.value)} at step ${whole(best.step)}` : "";
}

/** Every row of the loss, accuracy and rate charts as they are drawn, not smoothed. */
export function lossSheet(live: LiveRun): Sheet | null {
  if ((live.table("steps")?.length ?? 0) === 0) return null;
  const of = (quantity: "loss" | "accuracy" | "learning_rate") => drawn(live.series(quantity));
  const heldOut = (quantity: "loss" | "accuracy") => drawn(live.column("validation", quantity));
  const share = (value: number) => percent(value);
  return {
    title: "Loss and accuracy by step",
    columns: [
      { head: "Step", say: whole },
      { head: "Loss", say: short },
      { head: "Held-out loss", brief: "held out", say: short },
      { head: "Accuracy", brief: "Right", say: share },
      { head: "Held-out accuracy", brief: "held out", say: share },
      { head: "Learning rate", brief: "Rate", say: short },
    ],
    rows: joinedBySteps([of("loss"), heldOut("loss"), of("accuracy"), heldOut("accuracy"), of("learning_rate")]),
  };
}

/** Magnitudes smoothed on their logarithms, as they are drawn. */
export function smoothMagnitude(line: { steps: Float64Array; values: Float32Array }, smoothing: number, range: number) {
  if (smoothing === 0) return line;
  const logs = line.values.map((value) => (value > 0 ? Math.log10(value) : Number.NaN));
  return { steps: line.steps, values: smooth(line.steps, logs, smoothing, range).map((log) => 10 ** log) };
}

/** Moments that carry a flag through all charts. */
export function flagSteps(live: LiveRun): Flag[] {
  return live.events.flatMap((event): Flag[] => {
    if (event.name === "learning_rate") return [{ step: event.step, name: event.value === null ? "rate" : `rate ${short(event.value)}` }];
    if (event.name === "continued") return [{ step: event.step, name: "gone on" }];
    if (event.name === "rule") return [{ step: event.step, name: "stop rule" }];
    if (event.name === "restarted") return [{ step: event.step, name: "restarted", breaks: true }];
    // A process that died is told by its restart, where it went on at the same step.
    if (event.name === "warning" && !live.events.some((other) => other.name === "restarted" && other.step === event.step)) return [{ step: event.step, name: "broke off" }];
    return [];
  });
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
