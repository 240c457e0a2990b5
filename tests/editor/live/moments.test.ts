import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Inside } from "../../../editor/live/inside";
import { Moments } from "../../../editor/live/moments";
import type { WireRecord } from "../../../editor/net/wire";

const SIZE = 100;

/** What a run keeps: maps every 50 steps. Answers are given when the test says so. */
class Site {
  asked: number[] = [];
  times: number[] = [];
  private answers: (() => void)[] = [];
  lastStep = Number.POSITIVE_INFINITY;
  failing = false;

  fetch = (step: number): Promise<WireRecord[]> => {
    this.asked.push(step);
    this.times.push(performance.now());
    const at = Math.floor(step / 50) * 50;
    const header = { kind: "maps", layer: "c1", step: at, probe: 0, channels: 1, total_channels: 1, height: 10, width: 10, low: 0, high: 1 };
    return new Promise((done, failed) => {
      this.answers.push(() => (this.failing ? failed(new Error("no site")) : done([{ header, payload: new Uint8Array(SIZE).fill(at % 256) } as unknown as WireRecord])));
    });
  };

  async answer(): Promise<void> {
    this.answers.shift()?.();
    await vi.advanceTimersByTimeAsync(100);
  }

  get waiting(): number {
    return this.answers.length;
  }
}

const stepsOf = (shown: Inside[]) => shown.map((inside) => inside.maps.get("c1")?.step);

describe("Moments", () => {
  let site: Site;
  let shown: Inside[];
  let failures: unknown[];
  const made = (most?: number) =>
    new Moments({ fetch: site.fetch, lastStep: () => site.lastStep, shown: (inside) => shown.push(inside), failed: (error) => failures.push(error) }, most);

  beforeEach(() => {
    vi.useFakeTimers();
    [site, shown, failures] = [new Site(), [], []];
  });
  afterEach(() => vi.useRealTimers());

  it("has one request in flight however fast the slider moves, and the newest wish is asked for next", async () => {
    const moments = made();
    for (let step = 1000; step > 500; step -= 5) moments.want(step);
    expect(site.asked).toEqual([1000]);
    await site.answer();
    expect(site.asked).toEqual([1000, 505]);
    await site.answer();
    expect(site.asked).toEqual([1000, 505]);
    expect(stepsOf(shown)).toEqual([1000, 500]);
  });

  it("asks the site no more often than the pace allows", async () => {
    const moments = made();
    moments.want(400);
    moments.want(700);
    await site.answer();
    expect(site.asked).toEqual([400, 700]);
    const [first = 0, second = 0] = site.times;
    expect(second - first).toBe(40);
  });

  it("shows a known moment at once, and takes two steps between the same pictures for one moment", async () => {
    const moments = made();
    moments.want(549);
    await site.answer();
    moments.want(512);
    expect(site.asked).toEqual([549]);
    expect(stepsOf(shown)).toEqual([500, 500]);
    expect(moments.size.moments).toBe(1);
    expect(moments.has(550)).toBe(false);
  });

  it("fetches ahead after the wish, without showing it", async () => {
    const moments = made();
    moments.want(100, [150, 200]);
    await site.answer();
    await site.answer();
    await site.answer();
    expect(site.asked).toEqual([100, 150, 200]);
    expect(stepsOf(shown)).toEqual([100]);
    moments.want(200);
    expect(stepsOf(shown)).toEqual([100, 200]);
  });

  it("stays within its bound and forgets what was used longest ago", async () => {
    const bound = 5 * (1024 + SIZE);
    const moments = made(bound);
    for (let step = 0; step < 1000; step += 50) {
      moments.want(step);
      if (site.waiting > 0) await site.answer();
      expect(moments.size.bytes).toBeLessThanOrEqual(bound);
    }
    expect(moments.size.moments).toBe(5);
    expect([900, 750, 700].map((step) => moments.has(step))).toEqual([true, true, false]);
  });

  it("does not keep moments at the end of a run that goes on, whose pictures may still be on their way", async () => {
    site.lastStep = 1000;
    const moments = made();
    moments.want(990);
    await site.answer();
    expect(stepsOf(shown)).toEqual([950]);
    expect(moments.has(990)).toBe(false);
  });

  it("forgets what a new attempt does again, and what was on its way before it", async () => {
    const moments = made();
    moments.want(200);
    await site.answer();
    moments.want(600);
    moments.forget(201);
    await site.answer();
    expect(moments.has(200)).toBe(true);
    expect(moments.has(600)).toBe(false);
  });

  it("shows nothing after the page went back to live, and tells of a failure once", async () => {
    const moments = made();
    site.failing = true;
    moments.want(300, [350]);
    await site.answer();
    expect(failures).toHaveLength(1);
    expect(site.asked).toEqual([300]);
    expect(shown).toEqual([]);
  });
});
