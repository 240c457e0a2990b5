import { describe, expect, it } from "vitest";
import { fittedName, fittedNames, shorterNames } from "../../../editor/charts/names";

/** Every character ten wide. */
const ctx = { measureText: (text: string) => ({ width: 10 * text.length }) } as unknown as CanvasRenderingContext2D;

describe("shorterNames", () => {
  it("keeps the end, which tells layers of one block apart", () => {
    expect(shorterNames("Residual 2 · Conv 3×3 a")).toEqual(["Residual 2 · Conv 3×3 a", "Residual 2 · 3×3 a", "Res. 2 · 3×3 a", "2 · 3×3 a", "3×3 a"]);
  });

  it("leaves a plain name alone", () => {
    expect(shorterNames("Global average pool")).toEqual(["Global average pool"]);
  });
});

describe("fittedName", () => {
  it("takes the longest form with room, then an ellipsis", () => {
    expect(fittedName(ctx, "Inception 1 · Conv 5×5", 140)).toBe("Inc. 1 · 5×5");
    expect(fittedName(ctx, "Global average pool", 80)).toBe("Global …");
    expect(fittedName(ctx, "Conv 3×3 b", 60)).toBe("3×3 b");
  });
});

describe("fittedNames", () => {
  it("writes the layers of all blocks in the same form and apart", () => {
    const names = ["Conv 3×3", "Inception 1 · Conv 1×1", "Inception 1 · Conv 3×3 reduce", "Dense 10"];
    expect(fittedNames(ctx, names, 200)).toEqual(["Conv 3×3", "Inc. 1 · 1×1", "Inc. 1 · 3×3 reduce", "Dense 10"]);
  });
});
