import { describe, expect, it } from "vitest";
import { type Area, LINE, type NamedDot, placeNames } from "../../../editor/charts/place_names";

const AREA: Area = { left: 0, top: 0, right: 800, bottom: 500 };
const dot = (x: number, y: number, radius = 10, width = 60): NamedDot => ({ x, y, radius, width });

function crowd(count: number, seed: number): NamedDot[] {
  let state = seed;
  const next = (most: number) => {
    state = (state * 16_807) % 2_147_483_647;
    return (most * state) / 2_147_483_647;
  };
  return Array.from({ length: count }, () => dot(next(800), next(500), 4 + next(26), 40 + next(110)));
}

/** Boxes of the names that found a place. */
function boxes(dots: NamedDot[], names = dots.length): Area[] {
  return placeNames(dots, names, AREA).flatMap((place, index) => (place ? [{ left: place.x, right: place.x + (dots[index] as NamedDot).width, top: place.y - LINE / 2, bottom: place.y + LINE / 2 }] : []));
}

const overlap = (a: Area, b: Area) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe("placeNames", () => {
  it("writes a name right of a dot that stands alone", () => {
    const [place] = placeNames([dot(100, 100)], 1, AREA);
    expect(place).toEqual({ x: 114, y: 100, thread: null });
  });

  it("keeps names within the drawing", () => {
    const [place] = placeNames([dot(790, 100)], 1, AREA);
    expect((place?.x ?? 0) + 60).toBeLessThanOrEqual(800);
  });

  it("never puts a name on a name, on a dot or over the edge, however crowded", () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const dots = crowd(10 + seed, seed);
      const placed = boxes(dots);
      const onName = placed.filter((box, index) => placed.some((other, at) => at !== index && overlap(box, other)));
      const onDot = placed.filter((box) => dots.some(({ x, y, radius }) => Math.hypot(x - Math.max(box.left, Math.min(x, box.right)), y - Math.max(box.top, Math.min(y, box.bottom))) < radius));
      const outside = placed.filter((box) => box.left < 0 || box.right > 800 || box.top < 0 || box.bottom > 500);
      expect([onName, onDot, outside], `seed ${seed}`).toEqual([[], [], []]);
    }
  });

  it("names a dozen scattered dots, all of them", () => {
    for (let seed = 1; seed <= 10; seed += 1) expect(boxes(crowd(12, seed)).length).toBe(12);
  });

  it("leaves a name out rather than put it on another, and the first ones choose first", () => {
    const heap = Array.from({ length: 60 }, () => dot(400, 250, 10, 200));
    const placed = placeNames(heap, heap.length, AREA);
    expect(placed[0]).not.toBeNull();
    expect(placed.at(-1)).toBeNull();
  });

  it("leads a thread to a name that stands away", () => {
    const dots = [dot(400, 250), ...Array.from({ length: 12 }, (_, index) => dot(400 + 24 * Math.cos(index), 250 + 24 * Math.sin(index), 8))];
    const place = placeNames(dots, 1, AREA)[0];
    expect(place?.thread).not.toBeNull();
  });

  it("keeps off lines where another place is as near", () => {
    const line: Area = { left: 410, right: 800, top: 249, bottom: 251 };
    const [place] = placeNames([dot(400, 250)], 1, AREA, [line]);
    expect(place?.x).toBeLessThan(400);
  });
});
