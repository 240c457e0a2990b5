import { expect, test } from "vitest";
import { sparkPoints } from "../../../editor/ui/Spark";

test("the curve stands on zero and reaches its largest value", () => {
  const points = sparkPoints([2, 1, 0]);
  expect(points.map(([, y]) => y)).toEqual([4.5, 21, 37.5]);
});

test("half a run takes half the width", () => {
  const whole = sparkPoints([1, 1], 1).at(-1)?.[0] ?? 0;
  const half = sparkPoints([1, 1], 0.5).at(-1)?.[0] ?? 0;
  expect(half - 2).toBeCloseTo((whole - 2) / 2);
});

test("what is no number is left out", () => {
  expect(sparkPoints([1, null, Number.NaN, 2])).toHaveLength(2);
  expect(sparkPoints([])).toEqual([]);
});
