import { describe, expect, it } from "vitest";
import { drawable, extent, logTicks, niceTicks, pushApart, smooth, stepTicks } from "../../../editor/charts/scale";

describe("ticks", () => {
  it("are round and within the range", () => {
    expect(niceTicks(0, 2.4, 5)).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(niceTicks(0.42, 0.61, 4)).toEqual([0.45, 0.5, 0.55, 0.6]);
    expect(niceTicks(0, 0, 4)).toEqual([]);
  });

  it("of steps are whole", () => {
    expect(stepTicks(0, 3, 8)).toEqual([0, 1, 2, 3]);
    expect(stepTicks(0, 3910, 4)).toEqual([0, 1000, 2000, 3000]);
  });

  it("of a log axis are powers of ten, thinned from the top", () => {
    expect(logTicks(1e-5, 1, 8)).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1]);
    expect(logTicks(1e-5, 1, 3)).toEqual([1e-4, 1e-2, 1]);
    expect(logTicks(0, 1, 3)).toEqual([]);
  });
});

describe("pushApart", () => {
  it("keeps the gap, the order and the bounds", () => {
    expect(pushApart([50, 51, 90], 13, 0, 100)).toEqual([50, 63, 90]);
    expect(pushApart([98, 97], 13, 0, 100)).toEqual([100, 87]);
    expect(pushApart([-5, 3], 13, 0, 100)).toEqual([0, 13]);
  });
});

describe("smooth", () => {
  const steps = Array.from({ length: 200 }, (_, step) => step);

  it("does not bend a constant, from its first value on", () => {
    expect(smooth(steps, steps.map(() => 3), 0.9, 200).every((value) => Math.abs(value - 3) < 1e-5)).toBe(true);
  });

  it("depends on the distance in steps, not on the number of rows", () => {
    const dense = smooth(steps, steps.map((step) => (step < 100 ? 0 : 1)), 0.9, 10_000);
    const sparse = steps.filter((step) => step % 2 === 0);
    const thin = smooth(sparse, sparse.map((step) => (step < 100 ? 0 : 1)), 0.9, 10_000);
    expect(thin.at(-1)).toBeCloseTo(dense.at(-2) as number, 2);
  });

  it("passes over what was not measured", () => {
    expect(Array.from(smooth([0, 1, 2], [Number.NaN, 2, Number.NaN], 0.5, 10))).toEqual([Number.NaN, 2, 2]);
  });
});

describe("what is drawn", () => {
  it("finds the extent of finite values in the visible range", () => {
    expect(extent([0, 1, 2, 3], [9, 1, Number.NaN, 2], 1, 3)).toEqual([1, 2]);
    expect(extent([0, 1], [0, 5], 0, 1, true)).toEqual([5, 5]);
    expect(extent([0], [Number.POSITIVE_INFINITY], 0, 1)).toBeNull();
  });

  it("leaves a curve as it lies unless something has to go", () => {
    const at = Float64Array.of(0, 1, 2);
    const whole = Float32Array.of(1, 2, 3);
    expect(drawable(at, whole, true).values).toBe(whole);
    const cut = drawable(at, Float32Array.of(0, 2, Number.NaN), true);
    expect(Array.from(cut.steps)).toEqual([1]);
    expect(Array.from(cut.values)).toEqual([2]);
  });
});
