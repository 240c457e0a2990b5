import { expect, test } from "vitest";
import { displaced, refusal, takesText } from "../../../editor/actions/wiring";
import type { BlockView } from "../../../editor/generated/types";
import { readDocument } from "../../../editor/store/graph";

const view = (given: Partial<BlockView>): BlockView => ({
  kind: "", label: "", summary: "", formula: "", source: "", category: "", family: "conv", takes: "any", min_inputs: 1,
  max_inputs: 1, has_output: true, only_one: false, composite: false, keywords: [], fields: [], ...given,
});
const views: Record<string, BlockView> = {
  input: view({ takes: "nothing", min_inputs: 0, max_inputs: 0 }),
  output: view({ has_output: false, takes: "vector" }),
  conv2d: view({ takes: "image" }),
  add: view({ min_inputs: 2, max_inputs: null }),
};
const naming = { block: (kind: string) => views[kind], name: (id: string) => id.toUpperCase() };
const network = readDocument({
  nodes: [
    { id: "in", block: "input" },
    { id: "a", block: "conv2d" },
    { id: "b", block: "conv2d" },
    { id: "sum", block: "add" },
    { id: "out", block: "output" },
  ],
  edges: [{ source: "in", target: "a" }, { source: "a", target: "b" }, { source: "b", target: "sum" }],
});

test.each([
  ["b", "a", "That would close a loop: A leads to B already."],
  ["a", "a", "A block cannot feed itself."],
  ["a", "b", "A feeds B already."],
  ["out", "sum", "OUT is the end: nothing follows it."],
  ["a", "in", "IN is the beginning: nothing comes before it."],
  ["a", "sum", null],
  ["sum", "out", null],
])("a wire from %s to %s: %s", (source, target, reason) => {
  expect(refusal(network, source, target, naming)).toBe(reason);
});

test("the wire that is being moved does not stand in its own way", () => {
  expect(refusal(network, "a", "b", naming, network.edges[1])).toBeNull();
});

test("a block with one place gives up its old wire, an add does not", () => {
  expect(displaced(network, "b", naming)).toEqual([{ source: "a", target: "b" }]);
  expect(displaced(network, "sum", naming)).toEqual([]);
  expect(displaced(network, "out", naming)).toEqual([]);
});

test("a port says what it takes", () => {
  expect(takesText(views.conv2d)).toBe("takes an image");
  expect(takesText(views.add)).toBe("takes 2 or more of an image or a vector");
  expect(takesText(views.input)).toBe("takes nothing: the network begins here");
});
