import { expect, test } from "vitest";
import type { FieldSpec, SweepField } from "../../../../editor/generated/types";
import { axisOf, namedValues, typedFor } from "../../../../editor/panels/about/sweepAxis";

const spec = (given: Partial<FieldSpec>): FieldSpec => ({ name: "x", label: "X", kind: "real", default: 0, minimum: 0, maximum: 100, step: null, unit: "", help: "", choices: [], common: [], when: {}, ...given });
const field = (given: Partial<FieldSpec>, value: unknown): SweepField => ({ field: "x", owner: "Recipe", spec: spec(given), value });

test("a list is read as numbers, pairs and words, and what is no number is left to the site to refuse", () => {
  const typed = { ...typedFor(field({}, 0.1)), list: "0.1; 1e-3  3x5, same" };
  expect(axisOf(typed, spec({}))).toEqual({ field: "x", values: [0.1, 0.001, [3, 5], "same"] });
});

test("a range has its ends, its count and its scale; an end that is no number is left out", () => {
  const typed = { ...typedFor(field({}, 0.1)), way: "log" as const, low: "0.001", high: "" };
  expect(axisOf(typed, spec({}))).toEqual({ field: "x", count: 4, scale: "log", low: 0.001 });
});

test("named values are ticked, and switches are true and false", () => {
  const choices = [{ value: "sgd", label: "SGD", help: "" }, { value: "adam", label: "Adam", help: "" }];
  const optimiser = spec({ kind: "choice", choices });
  expect(axisOf(typedFor(field({ kind: "choice", choices }, "sgd")), optimiser)).toEqual({ field: "x", values: ["sgd", "adam"] });
  const bias = spec({ kind: "switch" });
  expect(namedValues(bias).map((each) => each.label)).toEqual(["on", "off"]);
  expect(axisOf({ ...typedFor(field({ kind: "switch" }, true)), chosen: ["false"] }, bias)).toEqual({ field: "x", values: [false] });
});

test("a form begins with the values that the setting's own form offers, or around the one now", () => {
  expect(typedFor(field({ common: [0.001, 0.01] }, 0.5)).list).toBe("0.001, 0.01");
  expect(typedFor(field({}, 0.5)).list).toBe("0.05, 0.5, 5");
  expect(typedFor(field({ kind: "whole", minimum: 1 }, 6))).toMatchObject({ list: "3, 6, 12", low: "3", high: "12" });
});
