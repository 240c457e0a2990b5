/** Errors per epoch, from the rows that every pass over the held-out images and over the training sample leaves. */
import type { Line } from "../../../charts/line_picture";
import type { EvaluationView } from "../../../live/inside";
import type { LiveRun, StreamName } from "../../../live/live_run";

export type ErrorKind = "top1" | "top5";

/** One pass over all that the epoch's end is measured on. */
export interface EpochError {
  epoch: number;
  step: number;
  top1: number;
  top5: number;
  loss: number;
}

/** What each epoch's end said, up to a step; passes over a part of the held-out images are left out. */
export function epochErrors(live: LiveRun, stream: Extract<StreamName, "validation" | "training">, until = Number.POSITIVE_INFINITY): EpochError[] {
  const table = live.table(stream);
  const column = (quantity: "epoch" | "accuracy" | "top5_error" | "loss" | "sample") => {
    const series = live.column(stream, quantity);
    return series ? series.table.column(series.column) : null;
  };
  const [epoch, accuracy, top5, loss, sample] = [column("epoch"), column("accuracy"), column("top5_error"), column("loss"), column("sample")];
  if (!table || !epoch || !accuracy || !top5 || !loss) return [];
  const errors: EpochError[] = [];
  for (let row = 0; row < table.length; row += 1) {
    const step = table.steps[row] as number;
    if (step > until) break;
    if (!Number.isInteger(epoch[row]) || (sample?.[row] ?? 0) > 0) continue;
    errors.push({ epoch: epoch[row] as number, step, top1: 1 - (accuracy[row] as number), top5: top5[row] as number, loss: loss[row] as number });
  }
  return errors;
}

/** The first epoch with the smallest error; null where there is none. */
export function bestOf(errors: readonly EpochError[], kind: ErrorKind): EpochError | null {
  return errors.reduce<EpochError | null>((best, each) => (best === null || each[kind] < best[kind] ? each : best), null);
}

/** Training sample and held-out images by epoch, the best held-out one marked, and the test set where it is known. */
export function errorLines(live: LiveRun, kind: ErrorKind, test: EvaluationView | undefined, until: number): Line[] {
  const train = epochErrors(live, "training");
  const held = epochErrors(live, "validation");
  const shown = (errors: EpochError[]) => errors.findLast((each) => each.step <= until)?.[kind] ?? Number.NaN;
  const best = bestOf(held.filter((each) => each.step <= until), kind);
  const lines: Line[] = [
    { label: "train", token: "series-1", marks: true, ...drawn(train, kind), shown: shown(train) },
    { label: "held out", token: "series-2", dash: [5, 3], marks: true, ...drawn(held, kind), shown: shown(held) },
  ];
  if (best && held.length > 1) lines.push({ label: "best", token: "good", marks: true, ...drawn([best], kind), shown: best[kind] });
  if (test && test.step <= until) lines.push({ label: "test", token: "series-4", marks: true, ...drawn([passOf(test)], kind), shown: passOf(test)[kind] });
  return lines;
}

const passOf = (test: EvaluationView): EpochError => ({ epoch: Number.NaN, step: test.step, top1: 1 - test.accuracy, top5: test.top5_error, loss: test.loss ?? Number.NaN });

function drawn(errors: readonly EpochError[], kind: ErrorKind): { steps: Float64Array; values: Float32Array } {
  return { steps: Float64Array.from(errors, (each) => each.step), values: Float32Array.from(errors, (each) => each[kind]) };
}
