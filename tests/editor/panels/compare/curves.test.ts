import { describe, expect, test } from "vitest";
import { joined, placesOf, readComparison, rowsOf, smoothed, valueAt } from "../../../../editor/panels/compare/curves";
import type { ComparedRun } from "../../../../editor/generated/types";

const text = new TextEncoder();

function record(header: object, payload: Uint8Array = new Uint8Array()): Uint8Array {
  let json = JSON.stringify(header);
  json += " ".repeat((4 - (text.encode(json).length % 4)) % 4);
  const head = text.encode(json);
  const bytes = new Uint8Array(4 + head.length + payload.length);
  new DataView(bytes.buffer).setUint32(0, head.length, true);
  bytes.set(head, 4);
  bytes.set(payload, 4 + head.length);
  return bytes;
}

function container(...records: Uint8Array[]): ArrayBuffer {
  const bytes = new Uint8Array(records.reduce((sum, one) => sum + 4 + one.length, 0));
  let at = 0;
  for (const one of records) {
    new DataView(bytes.buffer).setUint32(at, one.length, true);
    bytes.set(one, at + 4);
    at += 4 + one.length;
  }
  return bytes.buffer;
}

function rows(run: string, steps: number[], columns: number[][], level = 0): Uint8Array {
  const series = [{ quantity: "loss" }, { quantity: "accuracy" }];
  const payload = new Uint8Array([...new Uint8Array(Uint32Array.from(steps).buffer), ...columns.flatMap((column) => [...new Uint8Array(Float32Array.from(column).buffer)])]);
  return record({ kind: "run_rows", run, stream: "steps", series, columns: 2, count: steps.length, level, attempt: 1 }, payload);
}

const RUN = { id: "a", steps_per_epoch: 100, clock: [[0, 0], [100, 10], [200, 40]] } as unknown as ComparedRun;

describe("readComparison", () => {
  test("reads the comparison and every run's curves", () => {
    const found = readComparison(container(record({ kind: "comparison", runs: [] }), rows("a", [0, 1, 2], [[3, 2, 1], [0, 0.5, 1]])));
    expect(found.comparison.runs).toEqual([]);
    const loss = rowsOf(RUN, found.curves.get("a"), "train", "loss", "step");
    expect([...(loss?.xs ?? [])]).toEqual([0, 1, 2]);
    expect([...(loss?.values ?? [])]).toEqual([3, 2, 1]);
    expect(rowsOf(RUN, found.curves.get("a"), "validation", "loss", "step")).toBeNull();
  });

  test("keeps least and most of a row that stands for many, and draws the middle", () => {
    const found = readComparison(container(record({ kind: "comparison" }), rows("a", [0, 64], [[1, 2], [0, 0], [3, 4], [1, 1]], 1)));
    const loss = rowsOf(RUN, found.curves.get("a"), "train", "loss", "step");
    expect([...(loss?.values ?? [])]).toEqual([1, 3, 2, 4]);
    expect([...(loss?.middles?.values ?? [])]).toEqual([2, 3]);
    expect(smoothed(loss as NonNullable<typeof loss>, 0.5, 64).values.length).toBe(2);
  });

  test("says what is wrong with an answer of another kind", () => {
    expect(() => readComparison(container(record({ kind: "other" })))).toThrow("no comparison");
  });
});

test("newer curves take the place of those of the same run alone", () => {
  const before = new Map([["a", new Map()], ["b", new Map()]]);
  const newer = new Map([["b", new Map([["steps", null as never]])]]);
  expect(joined(before, newer).get("b")?.size).toBe(1);
  expect(joined(before, newer).get("a")?.size).toBe(0);
});

describe("placesOf", () => {
  const steps = Float64Array.from([0, 50, 100, 150, 200]);
  test("counts epochs", () => expect([...(placesOf(RUN, steps, "epoch") ?? [])]).toEqual([0, 0.5, 1, 1.5, 2]));
  test("tells the time between the moments that are known", () => expect([...(placesOf(RUN, steps, "time") ?? [])]).toEqual([0, 5, 10, 25, 40]));
  test("knows no axis of a run that has told nothing", () => {
    expect(placesOf({ steps_per_epoch: null, clock: [] }, steps, "time")).toBeNull();
    expect(placesOf({ steps_per_epoch: null, clock: [] }, steps, "epoch")).toBeNull();
  });
});

test("the value at a place is the last one measured by then", () => {
  const line = { xs: Float64Array.from([0, 10, 20]), values: Float32Array.from([1, Number.NaN, 3]) };
  expect(valueAt(line, 15)).toBe(1);
  expect(valueAt(line, 99)).toBe(3);
  expect(valueAt(line, -1)).toBeNaN();
});
