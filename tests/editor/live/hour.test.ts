import { describe, expect, it } from "vitest";
import { LiveRun } from "../../../editor/live/live_run";
import type { WireRecord } from "../../../editor/net/wire";

const COLUMNS = 8;
const SIDE = 64;

function rows(stream: string, first: number, count: number): WireRecord {
  const payload = new Uint8Array(4 * count * (1 + COLUMNS));
  new Uint32Array(payload.buffer, 0, count).set(Array.from({ length: count }, (_, index) => first + index));
  new Float32Array(payload.buffer, 4 * count).fill(Math.sin(first));
  return { header: { kind: "rows", stream, columns: COLUMNS, count, level: 0, attempt: 1 }, payload };
}

/** Bytes of everything that the run holds. */
function held(live: LiveRun): number {
  const tables = (["steps", "layers"] as const).map((stream) => live.table(stream));
  const columns = tables.flatMap((table) => [table?.steps, ...Array.from({ length: COLUMNS }, (_, index) => table?.column(index))]);
  const pictures = Array.from(live.inside.maps.values(), (maps) => maps.bytes);
  return [...columns, ...pictures].reduce((sum, array) => sum + (array?.buffer.byteLength ?? 0), 0) + live.events.length;
}

describe("an open page", () => {
  it("holds no more after an hour of a run than after ten minutes", () => {
    const live = new LiveRun();
    const columns = Array.from({ length: COLUMNS }, (_, index) => ({ quantity: "gradient_rms", layer: `c${index}` }));
    const streams = ["steps", "layers"].map((name) => ({ name, columns }));
    live.take({ header: { kind: "started", attempt: 1, first_step: 0, total_steps: 1e6, streams, layers: [] }, payload: new Uint8Array() });
    const sizes: number[] = [];
    let step = 0;
    for (let second = 0; second < 3_600; second += 1) {
      for (let packet = 0; packet < 20; packet += 1) {
        live.take(rows("steps", step, 5));
        if (packet % 2 === 0) live.take(rows("layers", step, 1));
        step += 5;
      }
      const maps = { kind: "maps", layer: "c1", step, probe: 0, channels: 1, total_channels: 1, height: SIDE, width: SIDE, low: 0, high: 1 };
      live.take({ header: maps, payload: new Uint8Array(SIDE * SIDE) });
      live.take({ header: { kind: "event", name: "epoch", step, message: "", value: null, time: 0 }, payload: new Uint8Array() });
      if (second % 600 === 599) sizes.push(held(live));
    }
    expect(live.lastStep).toBe(360_000);
    expect((sizes.at(-1) as number) - (sizes[0] as number)).toBeLessThan(2_000);
    expect(sizes.at(-1)).toBeLessThan(4 * 2 ** 20);
  });
});
