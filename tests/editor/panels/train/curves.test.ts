import { describe, expect, it } from "vitest";
import { LiveRun } from "../../../../editor/live/live_run";
import type { Table } from "../../../../editor/live/table";
import { TimeView } from "../../../../editor/live/view";
import { bestHeldOut, flagSteps, lossSheet, trainAndHeldOut } from "../../../../editor/panels/train/curves";

const column = (quantity: string) => ({ quantity, layer: null });
const STREAMS = [
  { name: "steps", columns: ["loss", "accuracy", "learning_rate"].map(column) },
  { name: "validation", columns: ["loss", "accuracy", "sample"].map(column) },
];

function runWith(validation: number[][]): LiveRun {
  const live = new LiveRun();
  live.take({ header: { kind: "started", attempt: 1, first_step: 0, total_steps: 100, streams: STREAMS, layers: [] }, payload: new Uint8Array() } as never);
  const steps = Array.from({ length: 100 }, (_, index) => index);
  (live.table("steps") as Table).append(steps, [steps.map((step) => 3 - step / 50 + (step % 2)), steps.map((step) => step / 100), steps.map(() => 0.1)]);
  (live.table("validation") as Table).append(validation[0] ?? [], validation.slice(1));
  return live;
}

describe("the loss chart", () => {
  const live = runWith([[10, 50, 60, 100], [2, 0.5, 0.2, 0.4], [0.5, 0.8, 0.99, 0.9], [0, 0, 1, 0]]);

  it("keeps what was measured behind the smoothed line, and the axis covers it", () => {
    const [train] = trainAndHeldOut(live, new TimeView(live), "loss", 0.95);
    expect(train?.raw?.values).toEqual(live.table("steps")?.column(0));
    expect(train?.values).not.toEqual(train?.raw?.values);
    expect(trainAndHeldOut(live, new TimeView(live), "loss", 0)[0]).not.toHaveProperty("raw");
  });

  it("names the best of the whole held-out part, not of a sample", () => {
    expect(bestHeldOut(live, "accuracy")).toMatchObject({ step: 100 });
    expect(bestHeldOut(live, "loss")).toMatchObject({ step: 100 });
    expect(bestHeldOut(runWith([[10, 60], [2, 0.2], [0.5, 0.99], [1, 1]]), "accuracy")).toMatchObject({ step: 60 });
    expect(bestHeldOut(runWith([[]]), "loss")).toBeNull();
  });

  it("is not flattened by what young statistics make of held-out images", () => {
    const reach = (...losses: number[]) => trainAndHeldOut(runWith([[0, 50, 100], losses, [0.1, 0.5, 0.9], [0, 0, 0]]), new TimeView(live), "loss", 0)[1]?.rangesTo;
    const highest = 3.98; // that training ever showed
    expect(reach(800, 2, 1)).toBeCloseTo(5 * highest, 4);
    expect(reach(3, 8e11, 1)).toBeCloseTo(5 * highest, 4);
    expect(reach(3, 2, 800)).toBe(Number.POSITIVE_INFINITY); // the last one is news
  });

  it("says the values at the hairline", () => {
    const view = new TimeView(live);
    view.frozen = 55;
    const [, heldOut] = trainAndHeldOut(live, view, "accuracy", 0);
    expect(heldOut?.shown).toBeCloseTo(0.8);
    expect(trainAndHeldOut(live, view, "loss", 0)[0]?.shown).toBeCloseTo(3 - 55 / 50 + 1);
  });

  it("has a table whose rows are the data", () => {
    const rows = lossSheet(live)?.rows ?? [];
    expect(rows).toHaveLength(101);
    expect(rows[50]).toEqual([50, 2, 0.5, 0.5, 0.8, 0.1]);
    expect(rows[100]).toEqual([100, null, 0.4, null, 0.9, null]);
    expect(lossSheet(new LiveRun())).toBeNull();
  });

  it("flags changes of the rate and restarts, and breaks only at these", () => {
    const event = (name: string, step: number, value: number | null = null) => ({ name, step, value, message: "", kind: "event", time: 0 }) as never;
    live.events = [event("epoch", 10), event("learning_rate", 20, 0.01), event("warning", 30), event("restarted", 30), event("warning", 40)];
    expect(flagSteps(live)).toEqual([
      { step: 20, name: "rate 0.0100" },
      { step: 30, name: "restarted", breaks: true },
      { step: 40, name: "broke off" },
    ]);
  });
});
