import { describe, expect, it } from "vitest";
import type { Event } from "../../../../editor/generated/types";
import { toldRate, typedRate } from "../../../../editor/panels/train/RateField";

describe("typedRate", () => {
  it("reads a point, a comma and a power", () => {
    expect([typedRate("0.02"), typedRate(" 0,02"), typedRate("2e-3")]).toEqual([0.02, 0.02, 0.002]);
  });

  it("refuses words, nothing and what no run takes", () => {
    expect([typedRate("banana"), typedRate(" "), typedRate("-1"), typedRate("101"), typedRate("Infinity")]).toEqual([null, null, null, null, null]);
  });
});

describe("toldRate", () => {
  const set = (step: number, value: number): Event => ({ kind: "event", step, name: "learning_rate", message: "", value, time: 0 });
  const live = (events: Event[], lastStep: number, measured: number) => ({ events, lastStep, progress: null, value: () => measured });

  it("is what was set by hand as long as no step has been done with it", () => {
    expect(toldRate(live([set(10, 0.5)], 10, 0.1))).toBe(0.5);
    expect(toldRate(live([set(10, 0.5)], 11, 0.25))).toBe(0.25);
  });

  it("is that of the last step, and none before there is one", () => {
    expect(toldRate(live([], 3, 0.1))).toBe(0.1);
    expect(toldRate(live([], 0, Number.NaN))).toBeNaN();
  });
});
