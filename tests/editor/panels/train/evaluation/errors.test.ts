import { describe, expect, it } from "vitest";
import { bestOf, epochErrors, errorLines } from "../../../../../editor/panels/train/evaluation/errors";
import { evaluation, liveRun } from "./fixtures";

const live = liveRun(
  [[10, 0.5, 0.25, 0.5, 1], [20, 1, 0.5, 0.25], [30, 1.5, 0.875, 0, 1], [40, 2, 0.75, 0.125], [60, 3, 0.75, 0.25]],
  [[20, 1, 0.625, 0.125], [40, 2, 0.875, 0], [60, 3, 1, 0]],
);

describe("epochErrors", () => {
  it("are those of passes over all held-out images at the end of an epoch", () => {
    expect(epochErrors(live, "validation").map(({ epoch, step, top1, top5, loss }) => [epoch, step, top1, top5, loss])).toEqual([
      [1, 20, 0.5, 0.25, 0.5],
      [2, 40, 0.25, 0.125, 0.5],
      [3, 60, 0.25, 0.25, 0.5],
    ]);
    expect(epochErrors(live, "training").map(({ top1 }) => top1)).toEqual([0.375, 0.125, 0]);
  });

  it("end at the step that is shown", () => {
    expect(epochErrors(live, "validation", 45).map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(epochErrors(live, "validation", 19)).toEqual([]);
  });

  it("are none where the run does not measure them", () => {
    const old = liveRun([], []);
    expect(epochErrors(old, "training")).toEqual([]);
  });
});

describe("bestOf", () => {
  it("is the first epoch with the smallest error", () => {
    expect(bestOf(epochErrors(live, "validation"), "top1")?.epoch).toBe(2);
    expect(bestOf(epochErrors(live, "validation"), "top5")?.epoch).toBe(2);
    expect(bestOf([], "top1")).toBeNull();
  });
});

describe("errorLines", () => {
  const told = (until: number, test = false) =>
    errorLines(live, "top1", test ? evaluation({ split: "test", step: 60, accuracy: 0.625 }) : undefined, until).map(({ label, shown, values }) => [label, shown, values.length]);

  it("mark the best epoch and tell the last figures", () => {
    expect(told(Number.POSITIVE_INFINITY)).toEqual([["train", 0, 3], ["held out", 0.25, 3], ["best", 0.25, 1]]);
  });

  it("tell what was known at an earlier step", () => {
    expect(told(20)).toEqual([["train", 0.375, 3], ["held out", 0.5, 3], ["best", 0.5, 1]]);
  });

  it("have the test set only from when it was looked at", () => {
    expect(told(Number.POSITIVE_INFINITY, true).at(-1)).toEqual(["test", 0.375, 1]);
    expect(told(59, true).at(-1)?.[0]).toBe("best");
  });
});
