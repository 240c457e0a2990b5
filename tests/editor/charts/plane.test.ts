import { describe, expect, it } from "vitest";
import { bestForCost, bubbleRadius, costRange, errorFloor, errorRange, keySizes, linearAxis, logAxis, nextDot, spreadsFar, stepLine, ticksOfDecades, type Way } from "../../../editor/charts/plane";

const dot = (id: string, cost: number, error: number) => ({ id, cost, error });
const ids = (points: { id: string }[]) => points.map(({ id }) => id);

type Dot = ReturnType<typeof dot>;

/** Repeatable numbers in 0..1. */
function numbers(count: number, seed = 7): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  });
}

function crowd(count: number, seed: number) {
  const random = numbers(2 * count, seed);
  return Array.from({ length: count }, (_, index) => dot(String(index), 10 ** (3 + 6 * (random[2 * index] as number)), Math.round(40 * (random[2 * index + 1] as number))));
}

describe("bestForCost", () => {
  it("leaves out whatever another beats at its cost", () => {
    const points = [dot("dear", 100, 5), dot("cheap", 1, 20), dot("worse", 50, 25), dot("middle", 10, 10), dot("equal", 20, 10)];
    expect(ids(bestForCost(points))).toEqual(["cheap", "middle", "dear"]);
  });

  it("keeps the better of two of one cost, and one of two alike", () => {
    expect(ids(bestForCost([dot("a", 1, 9), dot("b", 1, 5), dot("c", 1, 5)]))).toEqual(["b"]);
    expect(bestForCost([])).toEqual([]);
  });

  it("is what the definition says on any crowd: nobody beats a kept dot, and somebody equals or beats each other one", () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const points = crowd(60, seed);
      const best = new Set(ids(bestForCost(points)));
      const beats = (one: Dot, other: Dot) => one.cost <= other.cost && one.error <= other.error && (one.cost < other.cost || one.error < other.error);
      const equals = (one: Dot, other: Dot) => one.cost === other.cost && one.error === other.error;
      const kept = points.filter((point) => best.has(point.id));
      expect(kept.filter((point) => points.some((other) => beats(other, point)))).toEqual([]);
      const rest = points.filter((point) => !best.has(point.id));
      expect(rest.filter((point) => !kept.some((other) => beats(other, point) || equals(other, point)))).toEqual([]);
    }
  });
});

describe("axes", () => {
  it("of cost leave room around what they show, and span a decade at least", () => {
    const [low, high] = costRange([1e6, 1e8]);
    expect(low).toBeLessThan(1e6);
    expect(high).toBeGreaterThan(1e8);
    const [one, other] = costRange([416_520]);
    expect(other / one).toBeGreaterThan(10);
    expect(Math.sqrt(one * other)).toBeCloseTo(416_520, 0);
  });

  it("of errors stay within nought and a hundred per cent", () => {
    expect(errorRange([0, 100], false)).toEqual([0, 100]);
    const [low, high] = errorRange([20, 40], false);
    expect(low).toBeLessThan(20);
    expect(high).toBeGreaterThan(40);
    const alone = errorRange([2.5], false);
    expect(alone[1] - alone[0]).toBeGreaterThan(1);
  });

  it("of errors on a log axis show no error at all as half the least one", () => {
    const errors = [0, 0.28, 5, 90];
    expect(errorFloor(errors)).toBe(0.14);
    const [low, high] = errorRange(errors, true);
    expect(low).toBeLessThan(0.14);
    expect(high).toBe(100);
    expect(errorFloor([0])).toBeGreaterThan(0);
    expect(errorRange([0], true)[0]).toBeGreaterThan(0);
  });

  it("are logarithmic where errors lie far apart", () => {
    expect(spreadsFar([0.8, 1.2, 90])).toBe(true);
    expect(spreadsFar([20, 28, 40])).toBe(false);
    expect(spreadsFar([0, 3])).toBe(false);
    expect(spreadsFar([])).toBe(false);
  });

  it("place the ends at 0 and 1", () => {
    for (const axis of [logAxis([1e3, 1e9], 6), linearAxis([5, 40], 5)]) {
      expect(axis.share(axis.range[0])).toBeCloseTo(0);
      expect(axis.share(axis.range[1])).toBeCloseTo(1);
      expect(axis.ticks.every((tick) => tick >= axis.range[0] && tick <= axis.range[1])).toBe(true);
    }
    expect(logAxis([1, 100], 4).share(10)).toBeCloseTo(0.5);
  });

  it("have ticks of 1, 2 and 5 while there is room, then fewer", () => {
    expect(ticksOfDecades(5e8, 3e10, 8)).toEqual([5e8, 1e9, 2e9, 5e9, 1e10, 2e10]);
    expect(ticksOfDecades(2e3, 2e8, 11)).toEqual([3e3, 1e4, 3e4, 1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8]);
    expect(ticksOfDecades(2e3, 2e8, 6)).toEqual([1e4, 1e5, 1e6, 1e7, 1e8]);
    expect(ticksOfDecades(2e3, 2e8, 3)).toEqual([1e4, 1e6, 1e8]);
  });
});

describe("bubbles", () => {
  it("have areas that compare as their sizes", () => {
    const area = (size: number) => bubbleRadius(size, 100, 40) ** 2;
    expect(area(100) / area(25)).toBeCloseTo(4);
    expect(area(50) / area(25)).toBeCloseTo(2);
  });

  it("are never specks", () => {
    expect(bubbleRadius(1, 1e9, 30)).toBe(4);
  });

  it("have a key of round sizes that fits in a line", () => {
    const sizes = keySizes(143_667_240, 34);
    expect(sizes).toEqual([3e6, 1e7, 2e7]);
    for (const size of sizes) expect(bubbleRadius(size, 143_667_240, 34)).toBeLessThanOrEqual(14);
    expect(keySizes(650, 10)).toEqual([100, 500, 600]);
  });
});

describe("nextDot", () => {
  const points = [dot("a", 1, 30), dot("b", 10, 10), dot("c", 10, 20), dot("d", 100, 5)];

  it("goes by cost sideways and by error up and down", () => {
    expect(nextDot(points, "a", "right")).toBe("b");
    expect(nextDot(points, "b", "right")).toBe("c");
    expect(nextDot(points, "d", "right")).toBeNull();
    expect(nextDot(points, "d", "up")).toBe("b");
    expect(nextDot(points, "d", "down")).toBeNull();
    expect(nextDot(points, "a", "left")).toBeNull();
  });

  it("reaches every dot of a crowd from its first, either way", () => {
    const many = crowd(80, 11);
    for (const [way, back] of [["right", "left"], ["up", "down"]] as [Way, Way][]) {
      let at = ids(many)[0] as string;
      for (let step = nextDot(many, at, back); step !== null; step = nextDot(many, at, back)) at = step;
      const seen = new Set([at]);
      for (let step = nextDot(many, at, way); step !== null; step = nextDot(many, at, way)) seen.add((at = step));
      expect(seen.size).toBe(many.length);
    }
  });
});

it("the line of the best goes along to the next cost, then down, and on to the edge", () => {
  expect(stepLine([{ x: 10, y: 5 }, { x: 40, y: 30 }], 100)).toBe("M10.0 5.0H40.0V30.0H100.0");
  expect(stepLine([], 100)).toBe("");
});
