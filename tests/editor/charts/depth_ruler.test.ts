import { describe, expect, it } from "vitest";
import { layerAt, placeOf, withoutOverlap } from "../../../editor/charts/depth_ruler";

describe("places on the depth axis", () => {
  it("lie in the middle of equal parts, and the pointer finds them again", () => {
    expect([0, 1, 2, 3].map((index) => placeOf(index, 4, 40, 80))).toEqual([50, 70, 90, 110]);
    expect([50, 70, 90, 110, 39, 121].map((x) => layerAt(x, 4, 40, 80))).toEqual([0, 1, 2, 3, null, null]);
  });
});

describe("names under the axis", () => {
  it("do not run into each other, and the last one always stands", () => {
    expect(withoutOverlap([[0, 10], [8, 20], [30, 40], [36, 50]], 2)).toEqual([0, 3]);
    expect(withoutOverlap([[0, 10], [12, 20], [30, 40]], 2)).toEqual([0, 1, 2]);
  });
});
