/** The binary answers of the API: history of a stream, and the inside of the network at a step. */
import { api } from "../net/api";
import { readContainer, readRecord, type WireRecord } from "../net/wire";
import type { StreamName } from "./live_run";

/** A container of Rows records from a step on, to the end or to a step, of about `points` rows. */
export async function fetchHistory(run: string, stream: StreamName, from: number, points: number, to?: number): Promise<Uint8Array> {
  return new Uint8Array(await api.history(run, { stream, from, points, ...(to === undefined ? {} : { to }) }));
}

/** The newest record of a moment of each kind, or of one, and layer, at or before a step; of the whole run for null. */
export async function fetchFrames(run: string, step: number | null, kind?: string): Promise<WireRecord[]> {
  const container = new Uint8Array(await api.frames(run, step === null ? undefined : Math.floor(step), kind));
  return Array.from(readContainer(container), readRecord);
}
