import { expect, test } from "vitest";
import { clip, paste, readClip } from "../../../editor/store/clipboard";
import { readDocument } from "../../../editor/store/graph";

const network = readDocument({
  nodes: [
    { id: "input", block: "input" },
    { id: "conv2d", block: "conv2d", params: { filters: 6 }, position: { x: 10, y: 20 } },
    { id: "relu", block: "relu", position: { x: 80, y: 20 } },
  ],
  edges: [{ source: "input", target: "conv2d" }, { source: "conv2d", target: "relu" }],
});
const copyable = (block: string) => block !== "input";

test("a copy holds the blocks and the wires between them, not the input", () => {
  const copied = clip(network, ["input", "conv2d", "relu"], copyable);
  expect(copied?.nodes.map((node) => node.id)).toEqual(["conv2d", "relu"]);
  expect(copied?.edges).toEqual([{ source: "conv2d", target: "relu" }]);
  expect(clip(network, ["input"], copyable)).toBeNull();
});

test("copies survive the way through text into another network, with names of their own", () => {
  const copied = readClip(JSON.stringify(clip(network, ["conv2d", "relu"], copyable)));
  expect(copied).not.toBeNull();
  if (!copied) return;
  const change = paste(network, copied);
  expect(change.network.nodes.map((node) => node.id)).toEqual(["input", "conv2d", "relu", "conv2d_2", "relu_2"]);
  expect(change.network.edges.at(-1)).toEqual({ source: "conv2d_2", target: "relu_2" });
  expect(change.network.nodes[3]).toEqual({ id: "conv2d_2", block: "conv2d", label: null, stage: null, params: { filters: 6 }, position: { x: 42, y: 68 } });
  expect(change.select).toEqual(["conv2d_2", "relu_2"]);
});

test("the copy's settings are its own", () => {
  const copied = clip(network, ["conv2d"], copyable);
  if (!copied) throw new Error("nothing copied");
  const made = paste(network, copied).network.nodes.at(-1);
  expect(made?.params).not.toBe(network.nodes[1]?.params);
});

test.each(["", "hello", "null", "[]", "{}", '{"kind":"playground-blocks"}', '{"kind":"playground-blocks","nodes":[1],"edges":[]}', '{"kind":"playground-blocks","nodes":[],"edges":[{"source":1}]}'])(
  "text that is no copy is left alone: %s",
  (text) => expect(readClip(text)).toBeNull(),
);

test("a stage copied whole is another stage; a block out of one is in none", () => {
  const staged = readDocument({ nodes: [{ id: "a", block: "conv2d", stage: "Stage 1" }, { id: "b", block: "conv2d", stage: "Stage 1" }], edges: [{ source: "a", target: "b" }] });
  const copied = (ids: string[]) => paste(staged, clip(staged, ids, () => true)!).network.nodes.slice(2).map((node) => node.stage);
  expect(copied(["a", "b"])).toEqual(["Stage 2", "Stage 2"]);
  expect(copied(["a"])).toEqual([null]);
});
