import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Details } from "../../../editor/live/details";
import { TimeView } from "../../../editor/live/view";
import { answer, joined, lossAt, rowsOf } from "./long_run";

const LAST = 100_000;

function page(last = LAST) {
  const live = joined(last);
  const asked: [from: number, to: number][] = [];
  let open = (): void => undefined;
  let gate: Promise<void> | null = null;
  const failed = vi.fn<(error: unknown) => void>();
  let broken = false;
  const details = new Details(live, {
    fetch: async (_, from, to, points) => {
      asked.push([from, to]);
      await gate;
      if (broken) throw new Error("offline");
      return answer(live.lastStep - 1, from, to, points);
    },
    failed,
  });
  const view = new TimeView(live, details);
  const shown = () => {
    const series = view.series("loss");
    const [from, to] = view.range;
    const steps = Array.from(series?.table.steps ?? []);
    return steps.flatMap((step, row) => (step >= from && step <= to ? [[step, series?.table.column(0)[row] as number] as const] : []));
  };
  /** As the painter's frames do. */
  const rest = async (milliseconds = 200) => {
    shown();
    await vi.advanceTimersByTimeAsync(milliseconds);
  };
  return { live, details, view, asked, shown, rest, failed, shut: () => (gate = new Promise((resolve) => (open = resolve))), open: () => open(), brake: (now: boolean) => (broken = now) };
}

const isExact = (rows: readonly (readonly [number, number])[], from: number, to: number) => {
  expect(rows.map(([step]) => step)).toEqual(Array.from({ length: to - from + 1 }, (_, index) => from + index));
  for (const [step, value] of rows) expect(value).toBeCloseTo(lossAt(step), 5);
};

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

describe("zooming into a long run", () => {
  it("brings every step of the range once the zoom rests, and draws the coarse rows until then", async () => {
    const { view, asked, shown, rest, shut, open } = page();
    shut();
    view.zoomTo(40_000, 41_000);
    const coarse = shown();
    expect(coarse.length).toBeGreaterThan(10);
    expect(coarse.length).toBeLessThan(100);
    await rest();
    expect(asked).toEqual([[39_500, 41_500]]);
    expect(shown()).toEqual(coarse);
    open();
    await rest();
    isExact(shown(), 40_000, 41_000);
  });

  it("asks nothing while it moves, and nothing again where it has been", async () => {
    const { view, asked, shown, rest } = page();
    for (let from = 10_000; from < 20_000; from += 500) {
      view.zoomTo(from, from + 1_000);
      await rest(50);
    }
    expect(asked).toEqual([]);
    await rest();
    expect(asked).toHaveLength(1);
    view.set({ zoom: null });
    await rest();
    view.zoomTo(19_600, 20_400);
    await rest();
    view.pan(0.2);
    await rest();
    expect(asked).toHaveLength(1);
    isExact(shown(), 19_760, 20_560);
  });

  it("goes finer the further it goes in, with the least and the most of every group kept", async () => {
    const { view, asked, shown, rest } = page();
    view.zoomTo(0, 50_000);
    await rest();
    const wide = shown().map(([, value]) => value);
    const all = Array.from({ length: 50_001 }, (_, step) => lossAt(step));
    expect(Math.max(...wide)).toBeCloseTo(Math.max(...all), 2);
    expect(Math.min(...wide)).toBeCloseTo(Math.min(...all), 2);
    view.zoomBy(0.5);
    await rest();
    expect(asked).toHaveLength(1); // these rows are fine enough
    view.zoomTo(20_000, 21_000);
    await rest();
    expect(asked).toHaveLength(2);
    isExact(shown(), 20_000, 21_000);
  });

  it("asks nothing of a run that is here step by step", async () => {
    const { view, asked, shown, rest } = page(1_000);
    view.zoomTo(200, 300);
    await rest();
    expect(asked).toEqual([]);
    isExact(shown(), 200, 300);
  });

  it("goes on with what a live run tells", async () => {
    const { live, view, shown, rest, asked } = page();
    view.zoomTo(99_800, 100_001);
    await rest();
    const before = shown().length;
    live.takeContainer(rowsOf(LAST + 1, LAST + 40, 1));
    view.zoomTo(99_850, 100_041);
    expect(before).toBeGreaterThan(150);
    isExact(shown(), 99_850, LAST + 40);
    await rest();
    expect(asked.length).toBeLessThanOrEqual(2);
    isExact(shown(), 99_850, LAST + 40);
  });

  it("lets go of what a new attempt does again", async () => {
    const { view, details, rest } = page();
    view.zoomTo(10_000, 11_000);
    await rest();
    view.zoomTo(90_000, 91_000);
    await rest();
    expect(details.size.patches).toBe(2);
    details.forget(50_000);
    expect(details.size.patches).toBe(1);
  });

  it("keeps the coarse rows where the site does not answer, says so once, and asks again later", async () => {
    const { view, asked, shown, rest, failed, brake } = page();
    brake(true);
    view.zoomTo(40_000, 41_000);
    await rest();
    view.pan(0.2);
    await rest();
    expect([asked.length, failed.mock.calls.length]).toEqual([1, 1]);
    expect(shown().length).toBeGreaterThan(10);
    brake(false);
    await rest(6_000);
    view.pan(0.2);
    await rest();
    isExact(shown(), 40_400, 41_400);
  });

  it("stays within its bound however much is looked at", async () => {
    const { view, details, rest } = page();
    for (let at = 0; at < 90_000; at += 1_000) {
      view.zoomTo(at, at + 900);
      await rest();
    }
    expect(details.size.patches).toBeGreaterThan(10);
    expect(details.size.bytes).toBeLessThanOrEqual(32 * 1024 * 1024);
  });
});
