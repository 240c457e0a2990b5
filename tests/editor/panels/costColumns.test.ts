import { describe, expect, test } from "vitest";
import { costFact, drawnColumns, labelled, shareText, stageColumns, stageSpans, sumOf } from "../../../editor/panels/costColumns";
import { analysed, catalogue } from "./networks";

const { network, analysis } = analysed(
  [
    { id: "in", block: "input", shape: [1, 8, 8] },
    { id: "c1", stage: "Stem", shape: [4, 8, 8], macs: 2304, parameters: 40 },
    { id: "r1", block: "relu", stage: "Stem", shape: [4, 8, 8] },
    { id: "c2", stage: "Body", shape: [8, 4, 4], macs: 4608, parameters: 296 },
    { id: "d", block: "dense", shape: [10], macs: 1280, parameters: 1290 },
  ],
  ["in>c1", "c1>r1", "r1>c2", "c2>d"],
);
const columns = drawnColumns(network, analysis, catalogue);

describe("columns of blocks", () => {
  test("stand in the order of the network, a slab with its tabs as one", () => {
    expect(columns.map(({ ids }) => ids)).toEqual([["in"], ["c1", "r1"], ["c2"], ["d"]]);
  });

  test("add up to the totals", () => {
    for (const quantity of ["macs", "parameters", "activation_bytes"] as const) expect(sumOf(columns, quantity)).toBe(analysis.totals[quantity]);
  });

  test("are none before the first answer", () => {
    expect(drawnColumns(network, null, catalogue)).toEqual([]);
  });
});

describe("columns of stages", () => {
  const stages = stageColumns(columns, analysis);

  test("take the stage's own sums, and leave blocks outside any stage alone", () => {
    expect(stages.map(({ label }) => label)).toEqual(["in", "Stem", "Body", "d"]);
    expect(stages[1]).toMatchObject({ id: "c1", ids: ["c1", "r1"], macs: 2304, parameters: 40, shape: [4, 8, 8] });
  });

  test("add up to the totals", () => {
    for (const quantity of ["macs", "parameters", "activation_bytes"] as const) expect(sumOf(stages, quantity)).toBe(analysis.totals[quantity]);
  });
});

test("a stage's name stands once under columns that are neighbours", () => {
  const of = (...stages: (string | null)[]) => stageSpans(stages.map((stage) => ({ stage })));
  expect(of(null, "A", "A", "B", null, "B")).toEqual([
    { name: "A", first: 1, count: 2 },
    { name: "B", first: 3, count: 1 },
    { name: "B", first: 5, count: 1 },
  ]);
});

describe("the one thing to see", () => {
  const isDense = (column: { id: string }) => column.id.startsWith("d");

  test("is the dense layers where they hold most parameters", () => {
    expect(costFact(columns, isDense)).toMatchObject({ words: "d holds 1.29 k of 1.63 k parameters, 79%.".replaceAll(" k", "\u2009k"), quantity: "parameters" });
  });

  test("is else the block that does most of the work, told apart from one of its name", () => {
    expect(costFact(columns.slice(0, 3), isDense).words).toBe("c2 does 67% of all multiply-adds.");
    const twins = columns.slice(0, 3).map((column) => ({ ...column, label: "Conv" }));
    expect(costFact(twins, isDense).words).toBe("Conv (c2) does 67% of all multiply-adds.");
  });

  test("is that none stands out where none does", () => {
    const many = Array.from({ length: 20 }, (_, at) => ({ ...columns[1], id: `${at}`, ids: [], label: "Conv", stage: null, shape: null, macs: 5, parameters: 0, activation_bytes: 0 }));
    expect(costFact(many, isDense).words).toBe("No block does more than 5.0% of all multiply-adds.");
  });

  test("is nothing without blocks", () => {
    expect(costFact([], isDense).words).toBe("");
    expect(costFact(columns.slice(0, 1), isDense).words).toBe("No block multiplies anything yet.");
  });
});

test("among narrow columns the dearest are labelled, apart from one another and each number once", () => {
  const given = [5, 9, 8, 1, 9, 7].map((macs, at) => ({ id: `${at}`, ids: [], label: "", stage: null, shape: null, macs, parameters: 0, activation_bytes: 0 }));
  expect([...labelled(given, "macs", 2, 3)]).toEqual([1, 5, 3]);
  expect([...labelled(given, "parameters", 2, 3)]).toEqual([]);
});

test.each([
  [1, 2, "50%"],
  [1, 30, "3.3%"],
  [1, 3000, "under 0.1%"],
  [0, 5, "0%"],
  [5, 5, "100%"],
  [9999, 10000, "99.9%"],
  [3, 0, "0%"],
])("%s of %s is %s", (part, whole, words) => expect(shareText(part, whole)).toBe(words));
