import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { painter } from "../../../editor/live/painter";

let frames: (() => void)[] = [];
let now = 0;
const frame = () => {
  const [next] = frames.splice(0, 1);
  next?.();
};

beforeEach(() => {
  frames = [];
  now = 0;
  vi.stubGlobal("requestAnimationFrame", (callback: () => void) => frames.push(callback));
  vi.spyOn(performance, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** Drawings that take so many milliseconds each. */
function drawings(...costs: number[]) {
  const drawn: number[] = [];
  const stops = costs.map((cost, index) =>
    painter.add(() => {
      drawn.push(index);
      now += cost;
    }),
  );
  return { drawn, stop: () => stops.forEach((end) => end()) };
}

describe("the painter", () => {
  it("draws everything once in one frame, however often it is asked", () => {
    const { drawn, stop } = drawings(1, 1, 1);
    painter.ask();
    painter.ask();
    expect(frames).toHaveLength(1);
    frame();
    expect(drawn).toEqual([0, 1, 2]);
    expect(frames).toHaveLength(0);
    stop();
  });

  it("leaves to the next frames what finds no room in one, and nothing waits for ever", () => {
    const { drawn, stop } = drawings(5, 5, 5, 5);
    frame();
    expect(drawn).toEqual([0, 1]);
    painter.ask(); // news between the frames
    frame();
    expect(drawn).toEqual([0, 1, 2, 3]);
    frame();
    expect(drawn).toEqual([0, 1, 2, 3, 0, 1]);
    frame();
    expect(frames).toHaveLength(0);
    stop();
  });

  it("draws in the next frame what a drawing asks for, and nothing that was taken away", () => {
    const { drawn, stop } = drawings(1);
    let asked = false;
    const end = painter.add(() => {
      if (!asked) painter.ask();
      asked = true;
    });
    frame();
    expect(drawn).toEqual([0]);
    expect(frames).toHaveLength(1);
    stop();
    frame();
    expect(drawn).toEqual([0]);
    end();
  });
});
