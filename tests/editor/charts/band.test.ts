import { describe, expect, it } from "vitest";
import { bandOf, partsOf, rowAt } from "../../../editor/charts/band";

/** A noise that is the same each time. */
function noise(count: number): Float32Array {
  let seed = 7;
  return Float32Array.from({ length: count }, () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed / 2147483648 - 0.3;
  });
}

describe("the band behind a smoothed line", () => {
  const values = noise(20_000);
  const steps = Float64Array.from(values, (_, index) => 3 * index);

  it.each([1, 7, 200, 863, 50_000])("holds every measured value on %d pixels", (pixels) => {
    const band = bandOf(steps, values, [0, 60_000], pixels);
    expect(band.steps.length).toBeLessThanOrEqual(Math.min(pixels, values.length));
    let part = 0;
    values.forEach((value, row) => {
      while (part + 1 < band.steps.length && (band.steps[part + 1] as number) <= (steps[row] as number)) part += 1;
      expect((band.low[part] as number) <= value && value <= (band.high[part] as number)).toBe(true);
    });
    expect(Math.min(...band.low)).toBe(Math.min(...values));
    expect(Math.max(...band.high)).toBe(Math.max(...values));
  });

  it("leaves out what is not in the range, not measured, or not on a log axis", () => {
    const few = bandOf([0, 1, 2, 3, 4], [9, Number.NaN, -1, 2, 7], [1, 3], 10, true);
    expect([Array.from(few.steps), Array.from(few.low), Array.from(few.high)]).toEqual([[3], [2], [2]]);
  });
});

describe("a curve with breaks", () => {
  const rows = { steps: Float64Array.from([0, 1, 2, 3, 4, 5]), values: Float32Array.from([0, 10, 20, 30, 40, 50]) };
  const stepsOf = (breaks: number[], gap = 0) => partsOf(rows, breaks, gap).map((part) => Array.from(part.steps));

  it("is one part without a break, and loses no row at a break", () => {
    expect(stepsOf([])).toEqual([[0, 1, 2, 3, 4, 5]]);
    expect(stepsOf([3])).toEqual([[0, 1, 2], [3, 4, 5]]);
    expect(stepsOf([4, 2])).toEqual([[0, 1], [2, 3], [4, 5]]);
  });

  it("has a gap to be seen, and none before its first or after its last row", () => {
    expect(stepsOf([3], 2)).toEqual([[0, 1], [4, 5]]);
    expect(stepsOf([0])).toEqual([[0, 1, 2, 3, 4, 5]]);
    expect(stepsOf([9])).toEqual([[0, 1, 2, 3, 4, 5]]);
  });

  it("knows the row at a step", () => {
    expect([-1, 0, 2.5, 5, 9].map((step) => rowAt(rows.steps, step))).toEqual([-1, 0, 2, 5, 5]);
  });
});
