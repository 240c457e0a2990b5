import { describe, expect, it } from "vitest";
import { meanOf, rowsOfPixels } from "../../../editor/charts/heat_strip";
import { Table } from "../../../editor/live/table";

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

  it("hold as many least as most values where rows are coarse, so that a strip of equal values is one colour", () => {
    const table = new Table(1);
    const buckets = Array.from({ length: 50 }, (_, index) => 64 * index);
    table.appendBuckets(buckets, [new Float32Array(50).fill(1)], [new Float32Array(50).fill(3)], 64);
    table.append([3200, 3201], [[2, 2]]);
    for (const [from, to] of [[0, 3202], [100, 900], [1000, 1100]] as const) {
      for (const pixels of [7, 40, 199]) {
        const rows = rowsOfPixels(table.steps, [from, to], pixels, table.coarseUntil);
        const means = Array.from({ length: pixels }, (_, pixel) => meanOf(table.column(0), rows[2 * pixel] as number, rows[2 * pixel + 1] as number, false));
        expect(means.every((mean) => mean === 2)).toBe(true);
      }
    }
  });
});
