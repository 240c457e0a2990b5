import { describe, expect, it } from "vitest";
import { csvText } from "../../../editor/charts/save_chart";
import { fileName, joinedBySteps, plainNumber, sampled, sayCell } from "../../../editor/charts/sheet";

describe("a chart's table", () => {
  const train = { steps: [0, 1, 2, 3], values: Float32Array.from([2.5, 0.1, Number.NaN, 1]) };
  const heldOut = { steps: [2, 4], values: Float32Array.from([7, 8]) };

  it("has a row for each step with a value, and every value in its place", () => {
    expect(joinedBySteps([train, heldOut])).toEqual([
      [0, 2.5, null],
      [1, 0.1, null],
      [2, null, 7],
      [3, 1, null],
      [4, null, 8],
    ]);
  });

  it("leaves out steps at which nothing was measured", () => {
    expect(joinedBySteps([train])).toEqual([[0, 2.5], [1, 0.1], [3, 1]]);
    expect(joinedBySteps([])).toEqual([]);
  });

  it("goes into a file as the same float32 numbers", () => {
    const values = Float32Array.from({ length: 3000 }, (_, index) => Math.exp(Math.sin(index) * 30) * (index % 2 ? 1 : -1));
    for (const value of values) expect(Math.fround(plainNumber(value))).toBe(value);
    expect(plainNumber(Math.fround(0.05))).toBe(0.05);
    expect(csvText(["Step", "Loss"], joinedBySteps([train]))).toBe("Step,Loss\r\n0,2.5\r\n1,0.1\r\n3,1\r\n");
  });

  it("shows some of many rows, evenly and with the last", () => {
    expect(sampled([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5)).toEqual([1, 3, 5, 7, 9]);
    expect(sampled([0, 1], 5)).toEqual([0, 1]);
  });

  it("says what it has not", () => {
    const column = { head: "Loss", say: (value: number) => `${value} nats` };
    expect([null, 2, "Conv"].map((cell) => sayCell(cell, column))).toEqual(["–", "2 nats", "Conv"]);
  });

  it("makes names of files", () => {
    expect(fileName("LeNet-5 run 3 Loss and accuracy")).toBe("lenet-5-run-3-loss-and-accuracy");
    expect(fileName("///")).toBe("chart");
  });
});
