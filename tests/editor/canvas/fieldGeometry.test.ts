import { describe, expect, it } from "vitest";
import { around, covers, extentOf, leaves, middleOf, neighbour, overhang, patchAt, patchWords, positionNear, step } from "../../../editor/canvas/fieldGeometry";
import type { ReceptiveField } from "../../../editor/generated/types";

/** LeNet-5's second convolution: 5×5 after a 2×2 pool after a padded 5×5, on 28×28. */
const SECOND: ReceptiveField = { size: [14, 14], stride: [2, 2], offset: [4.5, 4.5] };
/** A padded 3×5 filter with stride 1×2. */
const PADDED: ReceptiveField = { size: [3, 5], stride: [1, 2], offset: [0, 0] };
const IMAGE = { height: 28, width: 28 };

describe("the patch of an output value", () => {
  it("starts at offset + i·stride − (size − 1)/2 in both directions", () => {
    expect(patchAt(SECOND, [0, 0])).toEqual({ top: -2, left: -2, height: 14, width: 14 });
    expect(patchAt(SECOND, [5, 9])).toEqual({ top: 8, left: 16, height: 14, width: 14 });
    expect(patchAt(PADDED, [3, 2])).toEqual({ top: 2, left: 2, height: 3, width: 5 });
  });

  it("knows whether it leaves the image and whether it covers it", () => {
    expect(leaves(patchAt(SECOND, [0, 0]), IMAGE)).toBe(true);
    expect(leaves(patchAt(SECOND, [5, 5]), IMAGE)).toBe(false);
    const wide: ReceptiveField = { size: [32, 32], stride: [1, 1], offset: [13.5, 13.5] };
    expect(covers(patchAt(wide, [0, 0]), IMAGE)).toBe(true);
    expect(covers(patchAt(wide, [0, 5]), IMAGE)).toBe(false);
    const exact: ReceptiveField = { ...wide, size: [28, 28] };
    expect([covers(patchAt(exact, [0, 0]), IMAGE), leaves(patchAt(exact, [0, 0]), IMAGE)]).toEqual([true, false]);
  });

  it("is told as rows and columns with a true minus", () => {
    expect(patchWords(patchAt(SECOND, [0, 5]))).toBe("rows −2 to 11 and columns 8 to 21");
    expect(patchWords({ top: 4, left: 0, height: 1, width: 2 })).toBe("row 4 and columns 0 to 1");
  });

  it("holds smaller patches around its own middle", () => {
    expect(around({ top: 2, left: 1, height: 7, width: 4 }, [3, 2])).toEqual({ top: 4, left: 2, height: 3, width: 2 });
  });
});

describe("positions", () => {
  it("of an image are its rows and columns, of a vector there is one", () => {
    expect(extentOf([16, 10, 12])).toEqual({ height: 10, width: 12 });
    expect(extentOf([120])).toEqual({ height: 1, width: 1 });
    expect(middleOf({ height: 10, width: 5 })).toEqual([5, 2]);
  });

  it("are found again from the middle of their patch, and nearest from beyond the last", () => {
    const output = { height: 10, width: 10 };
    for (let row = 0; row < 10; row += 1) {
      const patch = patchAt(SECOND, [row, 9 - row]);
      expect(positionNear(SECOND, output, patch.top + patch.height / 2, patch.left + patch.width / 2)).toEqual([row, 9 - row]);
    }
    expect(positionNear(SECOND, output, -50, 500)).toEqual([0, 9]);
  });

  it("have a neighbour where there is more than one", () => {
    expect(neighbour([3, 3], { height: 4, width: 4 })).toEqual([3, 2]);
    expect(neighbour([3, 2], { height: 4, width: 4 })).toEqual([3, 3]);
    expect(neighbour([1, 0], { height: 4, width: 1 })).toEqual([2, 0]);
    expect(neighbour([0, 0], { height: 1, width: 1 })).toBeNull();
  });

  it("move by arrow keys and stay in the output", () => {
    const output = { height: 3, width: 5 };
    expect(step([1, 1], "ArrowUp", output)).toEqual([0, 1]);
    expect(step([0, 4], "ArrowRight", output)).toEqual([0, 4]);
    expect(step([2, 0], "Home", output)).toEqual([0, 0]);
    expect(step([0, 0], "End", output)).toEqual([2, 4]);
    expect(step([0, 0], "a", output)).toBeNull();
  });
});

describe("what lies around the image", () => {
  it("is as far as the first or the last field reaches", () => {
    expect(overhang(SECOND, { height: 10, width: 10 }, IMAGE)).toBe(2);
    expect(overhang(PADDED, { height: 28, width: 14 }, IMAGE)).toBe(2);
    expect(overhang({ size: [3, 3], stride: [1, 1], offset: [1, 1] }, { height: 26, width: 26 }, IMAGE)).toBe(0);
    expect(overhang({ size: [3, 3], stride: [1, 1], offset: [1, 1] }, { height: 28, width: 26 }, IMAGE)).toBe(2);
  });
});
