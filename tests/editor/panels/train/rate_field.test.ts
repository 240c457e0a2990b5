import { describe, expect, it } from "vitest";
import { typedRate } from "../../../../editor/panels/train/RateField";

describe("typedRate", () => {
  it("reads a point, a comma and a power", () => {
    expect([typedRate("0.02"), typedRate(" 0,02"), typedRate("2e-3")]).toEqual([0.02, 0.02, 0.002]);
  });

  it("refuses words, nothing and what no run takes", () => {
    expect([typedRate("banana"), typedRate(" "), typedRate("-1"), typedRate("101"), typedRate("Infinity")]).toEqual([null, null, null, null, null]);
  });
});
