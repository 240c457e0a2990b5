import { describe, expect, it } from "vitest";
import { type Bins, coarser, histogramWords, together } from "../../../editor/charts/histogram";

const bins = (change: Partial<Bins>): Bins => ({ width: 0.25, first: -2, counts: [1, 2, 3, 4], below: 0, above: 0, zeros: 0, not_finite: 0, count: 10, step: 5, mean: 0, deviation: 0.3, ...change });

describe("bins of a larger width", () => {
  it("are made of whole bins, on both sides of zero", () => {
    const { first, width, shares } = coarser(bins({}), 0.5);
    expect([first, width, ...shares]).toEqual([-1, 0.5, 0.3, 0.7]);
  });

  it("begin where the large bin begins that the first small one lies in", () => {
    const { first, shares } = coarser(bins({ first: -3, counts: [1, 2, 3] }), 0.5);
    expect([first, ...shares]).toEqual([-2, 0.1, 0.5]);
  });

  it("leave exact zeros out, which are told in words", () => {
    expect(Array.from(coarser(bins({ zeros: 3 }), 0.25).shares)).toEqual([0.1, 0.2, 0, 0.4]);
    expect(histogramWords(bins({ zeros: 3 }), null)).toEqual(["30% zero"]);
  });
});

describe("now and at the start", () => {
  it("stand in the same bins, the wider of the two", () => {
    const both = together(bins({}), bins({ width: 1, first: -1, counts: [5, 5] }));
    expect([both.now.width, both.start?.width]).toEqual([1, 1]);
    expect(Array.from(both.now.shares)).toEqual([0.3, 0.7]);
  });

  it("are not forced into one picture where they are of different size altogether", () => {
    const start = bins({ width: 4, first: 0 });
    expect(together(bins({}), start).start).toBeNull();
    expect(histogramWords(bins({}), start)).toEqual(["start 16× as wide"]);
    expect(histogramWords(start, bins({}))).toEqual(["16× the start"]);
  });

  it("show the start where all values are one now", () => {
    const dead = bins({ width: 1, first: 0, counts: [10], zeros: 10, deviation: 0 });
    const both = together(dead, bins({}));
    expect(both.start).not.toBeNull();
    expect(Array.from(both.now.shares)).toEqual([0]);
    expect(histogramWords(dead, bins({}))).toEqual(["100% zero"]);
  });
});
