import { describe, expect, it } from "vitest";
import type { Rows } from "../../../editor/generated/types";
import { float32, readContainer, readRecord, readRows, WireError } from "../../../editor/net/wire";
import { container, wireBytes } from "./wire_bytes";

describe("the wire, as Python writes it", () => {
  it("reads a frame's header and the records inside", () => {
    const { header, payload } = readRecord(wireBytes("frame"));
    expect(header).toMatchObject({ kind: "frame", seq: 9, attempt: 1 });
    const kinds = Array.from(readContainer(payload), (bytes) => readRecord(bytes).header.kind);
    expect(kinds).toEqual(["started", "rows", "event"]);
  });

  it("keeps words beyond ASCII", () => {
    expect(readRecord(wireBytes("event")).header.message).toBe("Größer als 10⁻³ — 学習率");
  });

  it("views rows without copying", () => {
    const bytes = wireBytes("rows");
    const { header, payload } = readRecord(bytes);
    const rows = readRows(header as unknown as Rows, payload);
    expect(Array.from(rows.steps)).toEqual([0, 1, 2]);
    expect(Array.from(rows.low[0] ?? [])).toEqual([2.5, 1.5, Number.NaN]);
    expect(Array.from(rows.low[1] ?? [])).toEqual([0.125, 0.25, 0.5]);
    expect(rows.high).toBeNull();
    expect(rows.steps.buffer).toBe(bytes.buffer);
    expect(rows.low[1]?.buffer).toBe(bytes.buffer);
  });

  it("views rows inside a container inside a frame without copying", () => {
    const bytes = container("event", "rows");
    const [, record] = Array.from(readContainer(bytes), readRecord);
    const rows = readRows(record?.header as unknown as Rows, record?.payload ?? new Uint8Array());
    expect(rows.low[0]?.buffer).toBe(bytes.buffer);
  });

  it("reads the smallest and the largest of each bucket", () => {
    const { header, payload } = readRecord(wireBytes("buckets"));
    const rows = readRows(header as unknown as Rows, payload);
    expect(Array.from(rows.low[0] ?? [])).toEqual([1, 0.5]);
    expect(Array.from(rows.high?.[0] ?? [])).toEqual([3, 2]);
  });

  it("copies where the bytes are not aligned, rather than fail", () => {
    const shifted = new Uint8Array(13);
    new DataView(shifted.buffer).setFloat32(1, 1.5, true);
    expect(Array.from(float32(shifted.subarray(1), 0, 1))).toEqual([1.5]);
  });

  it.each([
    ["A record of 2 bytes is too short", new Uint8Array([1, 2])],
    ["The header claims 9 bytes; 0 are there", new Uint8Array([9, 0, 0, 0])],
    ["The header is not JSON", new Uint8Array([4, 0, 0, 0, 123, 123, 32, 32])],
    ["The header has no kind", new Uint8Array([4, 0, 0, 0, 91, 93, 32, 32])],
  ])("says where bytes stop making sense: %s", (words, bytes) => {
    expect(() => readRecord(bytes)).toThrow(WireError);
    expect(() => readRecord(bytes)).toThrow(words);
  });

  it("refuses a torn container and a payload that is too short", () => {
    expect(() => Array.from(readContainer(container("rows").subarray(0, 20)))).toThrow(WireError);
    expect(() => Array.from(readContainer(new Uint8Array(2)))).toThrow("ends inside a length field");
    const { header, payload } = readRecord(wireBytes("rows"));
    expect(() => readRows(header as unknown as Rows, payload.subarray(0, 16))).toThrow("are needed");
  });
});
