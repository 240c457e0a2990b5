import { expect, test } from "vitest";
import type { Network } from "../../../editor/generated/types";
import { setInput } from "../../../editor/store/dataset";

const network = (params: Record<string, unknown>): Network => ({
  format: 1,
  name: "",
  nodes: [
    { id: "in", block: "input", label: null, stage: null, params, position: null },
    { id: "c", block: "conv2d", label: null, stage: null, params: { filters: 8 }, position: null },
  ],
  edges: [],
});

test("a data set gives the input its image size and leaves the rest alone", () => {
  const before = network({ channels: 1, height: 28, width: 28 });
  const after = setInput(before, 3, 32, 32)?.network;
  expect(after?.nodes[0]?.params).toEqual({ channels: 3, height: 32, width: 32 });
  expect(after?.nodes[1]).toBe(before.nodes[1]);
});

test("an input that has the size already makes no step of undo", () => {
  expect(setInput(network({ channels: 3, height: 32, width: 32 }), 3, 32, 32)).toBeNull();
});
