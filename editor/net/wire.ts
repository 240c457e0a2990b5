/**
 * Bytes of the sockets and of the binary answers, as playground/protocol/wire.py writes them. Views, never copies:
 *
 *     record    = u32 header length · header (JSON, padded to 4 bytes) · payload (padded to 4)
 *     container = for each record: u32 record length · record
 */
import type { Rows } from "../generated/types";

/** A record's header with its kind; which interface of generated/types.ts it is follows from the kind. */
export type Header = { kind: string } & Record<string, unknown>;

export interface WireRecord {
  header: Header;
  /** Padding of up to 3 bytes included. */
  payload: Uint8Array;
}

/** The bytes are not a record; the message says where they stop making sense. */
export class WireError extends Error {
  override name = "WireError";
}

const text = new TextDecoder();

function length32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);
}

/** One record. Throws WireError. */
export function readRecord(bytes: Uint8Array): WireRecord {
  if (bytes.byteLength < 4) throw new WireError(`A record of ${bytes.byteLength} bytes is too short for its length field of 4.`);
  const size = length32(bytes, 0);
  if (size > bytes.byteLength - 4) throw new WireError(`The header claims ${size} bytes; ${bytes.byteLength - 4} are there.`);
  let header: unknown;
  try {
    header = JSON.parse(text.decode(bytes.subarray(4, 4 + size)));
  } catch (cause) {
    throw new WireError("The header is not JSON.", { cause });
  }
  if (typeof header !== "object" || header === null || typeof (header as Header).kind !== "string")
    throw new WireError("The header has no kind.");
  return { header: header as Header, payload: bytes.subarray(4 + size) };
}

/** The records of a container, as views. Throws WireError at the first that does not fit. */
export function* readContainer(bytes: Uint8Array): Generator<Uint8Array> {
  let at = 0;
  while (at < bytes.byteLength) {
    const left = bytes.byteLength - at;
    if (left < 4) throw new WireError("The container ends inside a length field.");
    const size = length32(bytes, at);
    if (size > left - 4) throw new WireError(`A record claims ${size} bytes; ${left - 4} are left.`);
    yield bytes.subarray(at + 4, at + 4 + size);
    at += 4 + size;
  }
}

/** `count` numbers of 4 bytes from `offset` on, where the bytes lie; copied only if they are not 4-byte aligned. */
function aligned(payload: Uint8Array, offset: number, count: number): { buffer: ArrayBufferLike; start: number } {
  if (offset + 4 * count > payload.byteLength)
    throw new WireError(`The payload holds ${payload.byteLength} bytes; ${offset + 4 * count} are needed.`);
  const start = payload.byteOffset + offset;
  if (start % 4 === 0) return { buffer: payload.buffer, start };
  return { buffer: payload.slice(offset, offset + 4 * count).buffer, start: 0 };
}

export function float32(payload: Uint8Array, offset: number, count: number): Float32Array {
  const { buffer, start } = aligned(payload, offset, count);
  return new Float32Array(buffer, start, count);
}

export function uint32(payload: Uint8Array, offset: number, count: number): Uint32Array {
  const { buffer, start } = aligned(payload, offset, count);
  return new Uint32Array(buffer, start, count);
}

export function int32(payload: Uint8Array, offset: number, count: number): Int32Array {
  const { buffer, start } = aligned(payload, offset, count);
  return new Int32Array(buffer, start, count);
}

/** Rows of one stream. `high` is null for plain rows; else `low` and `high` are each bucket's smallest and largest value. */
export interface RowsView {
  steps: Uint32Array;
  low: Float32Array[];
  high: Float32Array[] | null;
}

export function readRows(header: Rows, payload: Uint8Array): RowsView {
  const { columns, count, level } = header;
  const block = (first: number) =>
    Array.from({ length: columns }, (_, column) => float32(payload, 4 * count * (1 + first + column), count));
  return { steps: uint32(payload, 0, count), low: block(0), high: level > 0 ? block(columns) : null };
}
