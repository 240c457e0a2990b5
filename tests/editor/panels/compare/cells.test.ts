import { describe, expect, test } from "vitest";
import { bestOf, differenceWords, markdownText, orderBy, toneOf, valueWords } from "../../../../editor/panels/compare/cells";
import type { Cell, ComparedRow } from "../../../../editor/generated/types";

const cell = (value: number | null, words: string | null = null): Cell => ({ value, words, step: null });
const row = (kind: ComparedRow["kind"], cells: Cell[], better: ComparedRow["better"] = "less"): ComparedRow => ({ id: "r", group: "results", label: "R", help: "", kind, better, cells, same: false });

test.each([
  ["percent", cell(21.4), "21.40%"],
  ["count", cell(269_722), "269,722"],
  ["seconds", cell(12.34), "12.3 s"],
  ["seconds", cell(754), "12:34"],
  ["milliseconds", cell(21.43), "21.4 ms"],
  ["loss", cell(0.3812), "0.381"],
  ["words", cell(null, "He normal"), "He normal"],
  ["percent", cell(null), "–"],
] as const)("%s is written as people read it", (kind, value, words) => expect(valueWords(kind, value)).toBe(words));

describe("differences", () => {
  test.each([
    ["percent", cell(21.4), cell(15.8), "−5.60 pt"],
    ["loss", cell(0.612), cell(0.381), "−0.231"],
    ["magnitude", cell(8.1e-6), cell(2.4e-3), "×296"],
    ["count", cell(5), cell(5), "same"],
    ["words", cell(null, "SGD"), cell(null, "SGD"), "same"],
    ["words", cell(null, "SGD"), cell(null, "Adam"), ""],
    ["milliseconds", cell(21.4), cell(22.6), "+1.20 ms"],
    ["percent", cell(null), cell(1), ""],
  ] as const)("%s", (kind, one, other, words) => expect(differenceWords(kind, one, other)).toBe(words));

  test("less is better where the row says so", () => {
    expect(toneOf(row("percent", []), cell(2), cell(1))).toBe("good");
    expect(toneOf(row("percent", []), cell(1), cell(2))).toBe("bad");
    expect(toneOf(row("percent", []), cell(1), cell(1))).toBeNull();
    expect(toneOf(row("count", [], "none"), cell(1), cell(2))).toBeNull();
  });
});

describe("the order of the runs", () => {
  const errors = row("percent", [cell(9), cell(3), cell(null), cell(1)]);
  test("the first stays first, those without a value come last", () => {
    expect(orderBy(errors, false, [0, 1, 2, 3])).toEqual([0, 3, 1, 2]);
    expect(orderBy(errors, true, [0, 1, 2, 3])).toEqual([0, 1, 3, 2]);
    expect(orderBy(undefined, false, [2, 0])).toEqual([2, 0]);
  });
  test("words are sorted as words with numbers", () => {
    expect(orderBy(row("words", [cell(null, "a"), cell(null, "10"), cell(null, "9")]), false, [0, 1, 2])).toEqual([0, 2, 1]);
  });
  test("the best is marked where there is one", () => {
    expect(bestOf(errors, [0, 1, 3])).toBe(3);
    expect(bestOf(errors, [0, 2])).toBeNull();
    expect(bestOf(row("percent", [cell(1), cell(1)]), [0, 1])).toBeNull();
    expect(bestOf(row("count", [cell(1), cell(2)], "none"), [0, 1])).toBeNull();
  });
});

test("Markdown keeps bars within cells", () => {
  expect(markdownText(["", "A|B"], [["x", "1\n2"]])).toBe("|  | A\\|B |\n| --- | ---: |\n| x | 1 2 |\n");
});
