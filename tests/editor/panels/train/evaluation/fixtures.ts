/** A run with three classes and its mistakes. */
import type { Column, Mistake } from "../../../../../editor/generated/types";
import type { EvaluationView, MistakesView } from "../../../../../editor/live/inside";
import { LiveRun } from "../../../../../editor/live/live_run";

export const NAMES = ["0", "1", "7"];

/** 8 of 10, 9 of 10, 2 of 5 right. */
export function evaluation(change: Partial<EvaluationView> = {}): EvaluationView {
  return {
    kind: "evaluation", step: 40, split: "validation", images: 25, part: 25, classes: 3, loss: 0.5, accuracy: 19 / 25, top5_error: 0, seconds: 0.02, time_share: 0.01,
    confusion: Int32Array.from([8, 2, 0, 0, 9, 1, 0, 3, 2]),
    ...change,
  };
}

const mistake = (position: number, truth: number, said: number, loss: number | null): Mistake => ({ position, truth, said, loss, truth_probability: 0.02, said_probability: 0.93 });

/** The two worst, then one more of 7 said to be 1 and one of 0. */
export function mistakes(change: Partial<MistakesView> = {}): MistakesView {
  return {
    kind: "mistakes", step: 40, split: "validation", wrong: 6, worst: 2, channels: 1, height: 2, width: 2, original: [2, 2],
    mistakes: [mistake(70, 2, 1, 5), mistake(10, 1, 2, 4), mistake(71, 2, 1, 2), mistake(3, 0, 1, 1)],
    bytes: Uint8Array.from({ length: 16 }, (_, index) => index),
    ...change,
  };
}

type Row = [step: number, epoch: number, accuracy: number, top5: number, sample?: number];

/** A run whose passes left these rows. */
export function liveRun(held: Row[], train: Row[]): LiveRun {
  const live = new LiveRun();
  const columns = (...quantities: Column["quantity"][]): Column[] => quantities.map((quantity) => ({ quantity, layer: null }));
  const started = {
    kind: "started", attempt: 1, first_step: 0, steps_per_epoch: 20, total_steps: 100, epochs: 5, batch_size: 1, device: "cpu", threads: 1, torch: "", dead_window: 40, probes: [], layers: [],
    streams: [
      { name: "steps", columns: columns("loss") },
      { name: "validation", columns: columns("loss", "accuracy", "top5_error", "sample", "epoch") },
      { name: "training", columns: columns("loss", "accuracy", "top5_error", "epoch") },
    ],
  };
  live.take({ header: started, payload: new Uint8Array() });
  const of = (rows: Row[], at: number) => rows.map((row) => row[at] ?? 0);
  live.table("validation")?.append(of(held, 0), [held.map(() => 0.5), of(held, 2), of(held, 3), of(held, 4), of(held, 1)]);
  live.table("training")?.append(of(train, 0), [train.map(() => 0.25), of(train, 2), of(train, 3), of(train, 1)]);
  return live;
}
