/** A run of many steps on a site that thins what it is asked for, as webapp/telemetry/history.py does. */
import { LiveRun, type StreamName } from "../../../editor/live/live_run";

export const lossAt = (step: number): number => Math.sin(step / 7) + step / 1e5;

/** Rows of the loss from..to in groups of `every`: least and most, or as measured. */
export function rowsOf(from: number, to: number, every: number): Uint8Array {
  const starts = Array.from({ length: Math.max(0, Math.ceil((to + 1 - from) / every)) }, (_, index) => from + index * every);
  const values = starts.map((start) => Array.from({ length: Math.min(every, to + 1 - start) }, (_, index) => lossAt(start + index)));
  const columns = every === 1 ? [values.map((one) => one[0] as number)] : [values.map((one) => Math.min(...one)), values.map((one) => Math.max(...one))];
  const header = new TextEncoder().encode(JSON.stringify({ kind: "rows", stream: "steps", columns: 1, count: starts.length, level: every === 1 ? 0 : 1, attempt: 1 }));
  const padded = 4 * Math.ceil(header.length / 4);
  const size = 4 + padded + 4 * starts.length * (1 + columns.length);
  const out = new Uint8Array(4 + size).fill(32);
  const view = new DataView(out.buffer);
  view.setUint32(0, size, true);
  view.setUint32(4, padded, true);
  out.set(header, 8);
  new Uint32Array(out.buffer, 8 + padded, starts.length).set(starts);
  columns.forEach((column, index) => new Float32Array(out.buffer, 8 + padded + 4 * starts.length * (1 + index), starts.length).set(column));
  return out;
}

/** Rows at the end that are never put together. */
const EXACT = 64;

/** As the history answers: all rows where they are few enough. */
export function answer(last: number, from: number, to: number, points: number): Uint8Array {
  const end = Math.min(to, last);
  const every = Math.ceil((end + 1 - from) / points);
  if (every <= 1) return rowsOf(from, end, 1);
  const parts = [rowsOf(from, end - EXACT, every), rowsOf(end - EXACT + 1, end, 1)];
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

/** A page that joined after `last`: every step in about 2,000 rows. */
export function joined(last: number): LiveRun {
  const live = new LiveRun();
  const streams: { name: StreamName; columns: { quantity: string; layer: null }[] }[] = [{ name: "steps", columns: [{ quantity: "loss", layer: null }] }];
  live.take({ header: { kind: "started", attempt: 1, first_step: 0, total_steps: 1e6, streams, layers: [] }, payload: new Uint8Array() });
  live.takeContainer(answer(last, 0, last, 2_000));
  return live;
}
