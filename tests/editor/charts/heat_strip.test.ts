import { describe, expect, it } from "vitest";
import { meanOf, rowsOfPixels } from "../../../editor/charts/heat_strip";

describe("the mean of the rows of a pixel", () => {
  it("is geometric for magnitudes, so that one large value does not hide the small ones", () => {
    expect(meanOf(Float32Array.of(1e-4, 1e-2), 0, 1, true)).toBeCloseTo(1e-3, 8);
    expect(meanOf(Float32Array.of(0.25, 0.75), 0, 1, false)).toBeCloseTo(0.5, 8);
  });

  it("passes over what was not measured", () => {
    expect(meanOf(Float32Array.of(Number.NaN, 0.5), 0, 1, false)).toBe(0.5);
    expect(meanOf(Float32Array.of(Number.NaN), 0, 0, true)).toBeNaN();
  });
});

describe("the rows of each pixel", () => {
  it("share all rows out, and a pixel between two rows shows the one before", () => {
    expect(Array.from(rowsOfPixels(Float64Array.of(0, 1, 2, 3), [0, 4], 2))).toEqual([0, 2, 3, 3]);
    expect(Array.from(rowsOfPixels(Float64Array.of(0, 3), [0, 4], 4))).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });
});
