import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Player, WHOLE_SECONDS } from "../../../editor/live/player";

describe("Player", () => {
  let step: number;
  let end: number;
  let went: number[];
  let fetched: number[][];
  let over: number;
  let speed: number;
  let ready: (at: number) => boolean;
  const made = () =>
    new Player({
      step: () => step,
      end: () => end,
      speed: () => speed,
      ready: (at) => ready(at),
      go: (to, ahead) => {
        step = to;
        went.push(to);
        fetched.push([...ahead]);
      },
      ended: () => {
        over += 1;
        step = end;
      },
      changed: () => undefined,
    });

  beforeEach(() => {
    vi.useFakeTimers();
    [step, end, speed, went, fetched, over, ready] = [1_000, 1_000, 1, [], [], 0, () => true];
  });
  afterEach(() => vi.useRealTimers());

  it("plays the whole from the start in its time, in order, and ends", async () => {
    const player = made();
    player.play();
    await vi.advanceTimersByTimeAsync(WHOLE_SECONDS * 1000 + 200);
    expect(went[0]).toBe(0);
    expect(went).toEqual(went.toSorted((a, b) => a - b));
    expect(new Set(went).size).toBe(went.length);
    expect(went.length).toBe(WHOLE_SECONDS * 10);
    expect([player.playing, over]).toEqual([false, 1]);
  });

  it("shows every step of a short run", async () => {
    end = step = 30;
    const player = made();
    player.play();
    await vi.advanceTimersByTimeAsync(WHOLE_SECONDS * 1000 + 200);
    expect(went).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it("goes on from the step that is shown, twice as fast at twice the speed", async () => {
    step = 500;
    const player = made();
    speed = 2;
    player.play();
    await vi.advanceTimersByTimeAsync((WHOLE_SECONDS * 1000) / 4 + 200);
    expect(went[0]).toBe(500);
    expect(over).toBe(1);
  });

  it("waits where the pictures are not there, and goes on without them after a while", async () => {
    step = 0;
    ready = () => false;
    const player = made();
    player.play();
    await vi.advanceTimersByTimeAsync(1000);
    expect(went).toEqual([0]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(went.length).toBe(2);
  });

  it("asks for the moments that it is about to show", async () => {
    step = 0;
    const player = made();
    player.play();
    await vi.advanceTimersByTimeAsync(300);
    expect(fetched[0]).toEqual([5, 10, 15]);
    expect(went).toEqual([0, 5, 10, 15]);
  });

  it("stands still once it is stopped", async () => {
    const player = made();
    player.play();
    player.stop();
    await vi.advanceTimersByTimeAsync(1000);
    expect(went).toEqual([0]);
  });
});
