import { describe, expect, it } from "vitest";
import { Table } from "../../../editor/live/table";

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe("Table", () => {
  it("appends rows and drops those whose step it has", () => {
    const table = new Table(1);
    table.append([1, 2, 3], [[10, 20, 30]]);
    table.append([2, 3, 4], [[0, 0, 40]]);
    expect(Array.from(table.steps)).toEqual([1, 2, 3, 4]);
    expect(Array.from(table.column(0))).toEqual([10, 20, 30, 40]);
  });

  it("keeps every extreme when it thins, in the order in which they came", () => {
    const table = new Table(2, 1_000);
    const values = range(0, 50_000).map((step) => Math.sin(step / 700));
    values[31_234] = 9;
    values[12_345] = -9;
    for (let at = 0; at < values.length; at += 500) {
      const steps = range(at, at + 500);
      table.append(steps, [steps.map((step) => values[step] as number), steps]);
    }
    expect(table.length).toBeLessThanOrEqual(1_000);
    expect(Math.max(...table.column(0))).toBe(9);
    expect(Math.min(...table.column(0))).toBe(-9);
    const column = Array.from(table.column(1));
    expect(column).toEqual(column.toSorted((a, b) => a - b));
    expect(Array.from(table.steps)).toEqual(Array.from(table.steps).toSorted((a, b) => a - b));
    expect(table.lastStep).toBe(49_999);
  });

  it("leaves gaps as gaps", () => {
    const table = new Table(1, 8);
    table.append(range(0, 12), [[Number.NaN, Number.NaN, Number.NaN, Number.NaN, 1, Number.NaN, 3, 2, 5, 5, 5, 5]]);
    expect(Array.from(table.column(0))).toEqual([Number.NaN, Number.NaN, 1, 3, 5, 5]);
  });

  it("reads the newest measured value at or before a step", () => {
    const table = new Table(1);
    table.append([10, 20, 30], [[1, Number.NaN, 3]]);
    expect(table.valueAt(0, 9)).toBeNaN();
    expect(table.valueAt(0, 25)).toBe(1);
    expect(table.latest(0)).toBe(3);
  });

  it("turns a bucket into its smallest and largest value", () => {
    const table = new Table(1);
    table.appendBuckets([0, 64], [[1, 2]], [[5, 6]], 64);
    expect(Array.from(table.steps)).toEqual([0, 32, 64, 96]);
    expect(Array.from(table.column(0))).toEqual([1, 5, 2, 6]);
  });

  it("forgets what a new attempt does again", () => {
    const table = new Table(1);
    table.append([1, 2, 3, 4], [[1, 2, 3, 4]]);
    table.truncate(2);
    table.append([3], [[33]]);
    expect(Array.from(table.column(0))).toEqual([1, 2, 33]);
  });
});
