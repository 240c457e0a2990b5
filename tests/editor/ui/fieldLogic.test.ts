import { describe, expect, test } from "vitest";
import type { FieldSpec } from "../../../editor/generated/types";
import { applies, errorsFrom, readField, readNumber, showNumber, stepped, valueOf } from "../../../editor/ui/fieldLogic";

function field(given: Partial<FieldSpec>): FieldSpec {
  return { name: "x", label: "X", kind: "whole", default: 1, minimum: null, maximum: null, step: null, unit: "", help: "", choices: [], common: [], when: {}, ...given };
}

describe("numbers as typed", () => {
  test.each([
    ["0.05", 0.05],
    ["0,05", 0.05],
    [".5", 0.5],
    ["1e-3", 0.001],
    ["−2", -2],
    ["60 000", 60000],
    ["+3", 3],
  ])("%s is understood", (text, value) => expect(readNumber(text)).toBe(value));

  test.each(["", "abc", "1.2.3", "0x10", "Infinity", "1e", "--1"])("%s is no number", (text) => expect(readNumber(text)).toBeNaN());

  test.each([
    [0.05, "0.05"],
    [0.0001, "0.0001"],
    [1e-7, "1e-7"],
    [-3, "−3"],
    [null, ""],
    ["same", "same"],
  ])("%s is shown as %s", (value, text) => expect(showNumber(value)).toBe(text));

  test("what is shown is understood again", () => {
    for (const value of [0, -3, 1e-7, -2.5e-9, 0.1, 2147483647]) expect(readNumber(showNumber(value))).toBe(value);
  });
});

describe("readField", () => {
  const batch = field({ label: "Batch", minimum: 1, maximum: 4096 });

  test("names the field, the value and the range", () => {
    expect(readField(batch, "5000")).toEqual({ error: "Batch is 5000; it must be between 1 and 4,096." });
    expect(readField(batch, "2.5")).toEqual({ error: "Batch is 2.5; it must be a whole number." });
    expect(readField(batch, "many")).toEqual({ error: 'Batch is "many", which is not a number. Give a whole number between 1 and 4,096.' });
    expect(readField(batch, " ")).toEqual({ error: "Batch is empty. Give a whole number between 1 and 4,096." });
  });

  test("takes both ends of the range", () => {
    expect(readField(batch, "1")).toEqual({ value: 1 });
    expect(readField(batch, "4096")).toEqual({ value: 4096 });
  });

  test("padding may be the word same", () => {
    expect(readField(field({ kind: "padding", minimum: 0 }), "Same")).toEqual({ value: "same" });
    expect(readField(field({ kind: "pair", minimum: 0 }), "same")).toHaveProperty("error");
  });
});

describe("stepped", () => {
  test("whole numbers move by one and stop at the ends", () => {
    const spec = field({ minimum: 1, maximum: 3, step: 1 });
    expect(stepped(spec, 1, 1)).toBe(2);
    expect(stepped(spec, 3, 1)).toBe(3);
    expect(stepped(spec, 1, -1)).toBe(1);
  });

  test("real numbers move along 1, 2, 5, 10", () => {
    const rate = field({ kind: "real", minimum: 0, maximum: 100 });
    expect(stepped(rate, 0.05, 1)).toBe(0.1);
    expect(stepped(rate, 0.1, 1)).toBe(0.2);
    expect(stepped(rate, 0.1, -1)).toBe(0.05);
    expect(stepped(rate, 0.03, -1)).toBe(0.02);
    expect(stepped(rate, 0, 1)).toBe(0.0001);
    expect(stepped(rate, 100, 1)).toBe(100);
  });
});

test("a field with a condition applies while the other holds one of the values, given or by default", () => {
  const optimiser = field({ name: "optimiser", kind: "choice", default: "sgd" });
  const momentum = field({ name: "momentum", when: { optimiser: ["sgd", "rmsprop"] } });
  const all = [optimiser, momentum];
  expect(applies(momentum, all, {})).toBe(true);
  expect(applies(momentum, all, { optimiser: "adam" })).toBe(false);
  expect(applies(optimiser, all, { optimiser: "adam" })).toBe(true);
  expect(valueOf(optimiser, {})).toBe("sgd");
});

test("an answer's path leads to the field it names", () => {
  const specs = [field({ name: "epochs" })];
  expect(errorsFrom("recipe.epochs", "No.", specs)).toEqual({ epochs: "No." });
  expect(errorsFrom("network.nodes[2]", "No.", specs)).toEqual({});
});
