import { expect, test } from "vitest";
import { blocksOf } from "../../../../editor/canvas/blocks";
import type { BlockView, DifferenceView } from "../../../../editor/generated/types";
import { drawDifference, together } from "../../../../editor/panels/about/differenceModel";

const view = (kind: string, family: BlockView["family"]): BlockView => ({ kind, label: kind, summary: "", formula: "", source: "", category: "Convolve", family, takes: "any", min_inputs: 1, max_inputs: 1, has_output: true, only_one: false, composite: false, keywords: [], fields: [] });
const blocks = blocksOf({ input: view("input", "data"), conv2d: view("conv2d", "conv"), relu: view("relu", "activation"), batch_norm: view("batch_norm", "steadying"), output: view("output", "data") });

const nodes = (...kinds: [string, string][]) => kinds.map(([id, block]) => ({ id, block, params: {} }));
const chain = (...ids: string[]) => ids.slice(1).map((target, index) => ({ source: ids[index] as string, target }));
const side = (kinds: [string, string][], ids: string[]) => ({ experiment: "e", name: "E", version: 1, network: { format: 1, name: "E", nodes: nodes(...kinds), edges: chain(...ids) }, recipe: {} });

const before = side([["input", "input"], ["c", "conv2d"], ["a", "relu"], ["old", "conv2d"], ["output", "output"]], ["input", "c", "a", "old", "output"]);
const after = side([["input", "input"], ["c", "conv2d"], ["b", "batch_norm"], ["a", "relu"], ["output", "output"]], ["input", "c", "b", "a", "output"]);
const same = (id: string) => ({ id, mark: "same" as const, of: "after" as const, node: id });
const wire = (source: string, target: string, mark: "same" | "added" | "removed") => ({ source, target, mark });

const difference: DifferenceView = {
  before,
  after,
  difference: { matches: [], added: [], removed: [], wires_added: [], wires_removed: [] },
  recipe: [],
  drawing: {
    blocks: [same("input"), same("c"), { id: "b", mark: "added", of: "after", node: "b" }, { ...same("a"), mark: "changed" }, same("output"), { id: "old", mark: "removed", of: "before", node: "old" }],
    wires: [wire("input", "c", "same"), wire("c", "b", "added"), wire("b", "a", "added"), wire("a", "old", "removed"), wire("old", "output", "removed")],
  },
  words: "",
  blocks: "",
};

test("both networks are one document, without the places of either", () => {
  const { network } = together(difference, null, null);
  expect(network.nodes.map((node) => [node.id, node.block])).toEqual([["input", "input"], ["c", "conv2d"], ["b", "batch_norm"], ["a", "relu"], ["output", "output"], ["old", "conv2d"]]);
  expect(network.nodes.every((node) => node.position === null)).toBe(true);
});

test("a folded stage has the mark of all that is in it, and is changed where they differ", () => {
  const stage = (name: string, at: number, mark: "same" | "added" | "removed") => Array.from({ length: 8 }, (_, index) => ({ id: `n${at + index}`, mark, of: "after" as const, node: `n${at + index}`, stage: name }));
  const all = [...stage("A", 0, "added"), ...stage("B", 8, "same"), ...stage("C", 16, "removed"), ...stage("D", 24, "same")];
  (all[25] as (typeof all)[number]).mark = "added";
  const ids = all.map((each) => each.id);
  const network = { format: 1, name: "Deep", nodes: all.map(({ id, stage: name }) => ({ id, block: "conv2d", params: {}, stage: name })), edges: chain(...ids) };
  const deep: DifferenceView = { ...difference, after: { ...after, network }, drawing: { blocks: all.map(({ stage: _stage, ...block }) => block), wires: chain(...ids).map((edge) => ({ ...edge, mark: "same" as const })) } };
  const { marks, model } = drawDifference(deep, null, null, blocks, { width: 1000, height: 300 });
  const told = [...model.pieces.values()].map((piece) => [piece.label, marks.get(piece.id)?.mark ?? "same"]);
  expect(told).toEqual([["A", "added"], ["B", "same"], ["C", "removed"], ["D", "changed"]]);
});

test("what is drawn on a block is marked there, and the wires of what was removed are removed", () => {
  const { marks, wires, model } = drawDifference(difference, null, null, blocks, { width: 1000, height: 300 });
  expect(marks.get("c")).toEqual({ mark: "added", tabsOnly: true, tabs: [{ index: 0, mark: "added" }, { index: 1, mark: "changed" }] });
  expect(marks.get("old")).toEqual({ mark: "removed", tabsOnly: false, tabs: [] });
  expect([...wires.values()]).toEqual(expect.arrayContaining(["removed"]));
  expect(model.pieces.has("b")).toBe(false);
});
