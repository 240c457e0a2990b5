import { describe, expect, test } from "vitest";
import type { Analysis, NodeAnalysis, Stage, Totals } from "../../../../editor/generated/types";
import { compared, difference, groupsOf, stageRows, twinOf } from "../../../../editor/panels/zoo/exhibits";
import { card, SMALL, ZOO } from "../plane/fixtures";

test("the gallery has what to begin with, then networks for photographs by year, then those for small images", () => {
  const groups = groupsOf([...ZOO, card("resnet-20", { network: SMALL })]);
  expect(groups.map(({ title, cards }) => [title, cards.map(({ name }) => name)])).toEqual([
    ["To begin with", ["lenet-5"]],
    ["For photographs", ["alexnet", "vgg-16", "resnet-18", "resnet-50", "resnet-101", "resnet-152", "plain-18"]],
    ["For small images", ["resnet-20"]],
  ]);
  expect(groupsOf([])).toEqual([]);
});

test("twins find each other where both are there", () => {
  expect(twinOf("resnet-18", ZOO)?.name).toBe("plain-18");
  expect(twinOf("plain-18", ZOO)?.name).toBe("resnet-18");
  expect(twinOf("resnet-50", ZOO)).toBeNull();
  expect(twinOf("alexnet", ZOO)).toBeNull();
});

describe("stated and counted", () => {
  test("stand side by side", () => {
    expect(compared(ZOO[0] as (typeof ZOO)[0])).toEqual([
      { name: "Parameters", stated: null, counted: 60_965_224 },
      { name: "Multiply-adds, one image", stated: 832_000_000, counted: 724_406_816 },
    ]);
  });

  test("differ by so much of what was stated", () => {
    const of = (stated: number | null, counted: number) => difference({ stated, counted });
    expect(of(832_000_000, 724_406_816)).toBe("−13%");
    expect(of(100, 100)).toBe("same");
    expect(of(1000, 1055)).toBe("+5.5%");
    expect(of(1_000_000, 1_000_001)).toBe("nearly the same");
    expect(of(null, 5)).toBe("");
  });
});

describe("stageRows", () => {
  const totals = (parameters: number, macs: number) => ({ parameters, macs, activation_bytes: 0, depth: 2 }) as Totals;
  const node = (label: string, parameters: number) => ({ label, shape: [1], parameters, macs: 0 }) as unknown as NodeAnalysis;
  const stage = (name: string, parameters: number, macs: number) => ({ name, nodes: [], shape: [64, 56, 56], parameters, macs, depth: 1 }) as unknown as Stage;
  const analysis = (given: Partial<Analysis>) => ({ nodes: {}, order: [], stages: [], notices: [], trainable: true, totals: totals(0, 0), ...given }) as Analysis;

  test("has a row a stage, whose sums are the totals", () => {
    const rows = stageRows(analysis({ stages: [stage("Stem", 10, 100), stage("Head", 5, 50)], totals: totals(15, 150) }));
    expect(rows.map(({ name, parameters }) => [name, parameters])).toEqual([["Stem", 10], ["Head", 5]]);
  });

  test("adds up what stands in no stage, so that nothing is missing", () => {
    const rows = stageRows(analysis({ stages: [stage("Stem", 10, 100)], totals: totals(15, 150) }));
    expect(rows.at(-1)).toMatchObject({ name: "Other blocks", parameters: 5, macs: 50 });
  });

  test("has a row a block where there are no stages, in the order of the network", () => {
    const rows = stageRows(analysis({ nodes: { b: node("Dense", 7), a: node("Conv", 3) }, order: ["a", "b"], totals: totals(10, 0) }));
    expect(rows.map(({ name }) => name)).toEqual(["Conv", "Dense"]);
  });
});
