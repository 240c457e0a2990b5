import { describe, expect, it } from "vitest";
import { decade, duration, megabytes, percent, powerOfTen, short, tickWords, whole } from "../../../editor/charts/words";

describe("numbers in words", () => {
  it("carry three figures at most", () => {
    expect([0, 2.3051, 0.08412, 12.34, 999.9, 1840, -1.5].map(short)).toEqual(["0", "2.31", "0.0841", "12.3", "1,000", "1,840", "−1.50"]);
    expect([4.2e-5, 1.5e12, Number.NaN, Number.POSITIVE_INFINITY].map(short)).toEqual(["4.2×10⁻⁵", "1.5×10¹²", "not a number", "infinite"]);
  });

  it("are grouped, shared and timed", () => {
    expect(whole(61706)).toBe("61,706");
    expect(percent(0.9876)).toBe("98.8%");
    expect(percent(Number.NaN)).toBe("–");
    expect([57, 725, 12_000, null].map(duration)).toEqual(["0:57", "12:05", "3 h 20 min", "–"]);
  });

  it("of bytes are said as the site says them", () => {
    expect([100, 90_000, 100_000, 2_000_000, 600e6, 2_048e6].map(megabytes)).toEqual(["1 kB", "90 kB", "0.1 MB", "2.0 MB", "600 MB", "2,048 MB"]);
  });

  it("of magnitudes are decades", () => {
    expect([1e-3, 0, Number.NaN, Number.POSITIVE_INFINITY].map(decade)).toEqual(["−3.0", "0", "–", "∞"]);
    expect(powerOfTen(1e-4)).toBe("10⁻⁴");
  });
});

describe("tickWords", () => {
  it("tells neighbours of an axis apart, however large they are", () => {
    expect([0, 0.02, 150, 1e6, 2e6, 3e-5].map(tickWords)).toEqual(["0", "0.02", "150", "10⁶", "2×10⁶", "3×10⁻⁵"]);
  });
});
