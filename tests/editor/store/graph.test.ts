import { beforeEach, describe, expect, test } from "vitest";
import { addAfter, addBlock, connect, insertOnEdge, move, remove, rename, setParam } from "../../../editor/actions/edit";
import { group, ungroup } from "../../../editor/actions/grouping";
import type { Network } from "../../../editor/generated/types";
import { useStore } from "../../../editor/store";
import { edgeKeys, readDocument } from "../../../editor/store/graph";

const state = useStore.getState;

const chain = (...ids: string[]): Network =>
  readDocument({
    name: "chain",
    nodes: ids.map((id) => ({ id, block: id })),
    edges: ids.slice(1).map((id, index) => ({ source: ids[index], target: id })),
  });

/** Small repeatable random numbers (mulberry32). */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function anyEdit(pick: () => number) {
  const one = <T>(values: readonly T[]): T | undefined => values[Math.floor(pick() * values.length)];
  const kind = Math.floor(pick() * 11);
  state().edit(`edit ${kind}`, (now) => {
    const node = one(now.nodes)?.id ?? "";
    const edge = one(now.edges);
    if (kind === 0) return addBlock(now, "conv2d", { x: pick(), y: pick() });
    if (kind === 1 && edge) return insertOnEdge(now, edge, "relu");
    if (kind === 2 && node) return addAfter(now, node, "dropout", false);
    if (kind === 3 && node) return remove(now, [node]);
    if (kind === 4 && edge) return remove(now, [], [edge]);
    if (kind === 5 && node) return setParam(now, [node], "filters", Math.floor(pick() * 9));
    if (kind === 6 && node) return rename(now, node, `name ${Math.floor(pick() * 9)}`);
    if (kind === 7 && node) return move(now, new Map([[node, { x: pick(), y: pick() }]]));
    if (kind === 8) return group(now, now.nodes.slice(0, 3).map((other) => other.id), null);
    if (kind === 9 && node) return ungroup(now, node, { nodes: [], edges: [{ source: "in", target: "out" }] });
    const other = one(now.nodes)?.id ?? "";
    return node ? connect(now, node, other) : null;
  });
}

const sound = (network: Network) => {
  const ids = new Set(network.nodes.map((node) => node.id));
  return ids.size === network.nodes.length && network.edges.every((edge) => ids.has(edge.source) && ids.has(edge.target));
};

beforeEach(() => state().load(chain("input", "conv2d", "output")));

describe("history", () => {
  test.each(Array.from({ length: 30 }, (_, seed) => seed))("undoing every edit returns each document exactly, and redoing does too (seed %i)", (seed) => {
    const pick = random(seed + 1);
    const seen = [state().network];
    for (let step = 0; step < 60; step += 1) {
      const before = state().past.length;
      anyEdit(pick);
      if (state().past.length > before) seen.push(state().network);
      expect(sound(state().network)).toBe(true);
    }
    const texts = seen.map((network) => JSON.stringify(network));
    for (let at = seen.length - 2; at >= 0; at -= 1) {
      state().undo();
      expect(JSON.stringify(state().network)).toBe(texts[at]);
    }
    expect(state().past).toEqual([]);
    for (let at = 1; at < seen.length; at += 1) {
      state().redo();
      expect(JSON.stringify(state().network)).toBe(texts[at]);
    }
    expect(state().future).toEqual([]);
  });

  test("typing in a field is one step, and leaving it ends the step", () => {
    for (const value of [1, 12, 128]) state().edit("filters", (now) => setParam(now, ["conv2d"], "filters", value), "param conv2d filters");
    state().settle();
    state().edit("filters", (now) => setParam(now, ["conv2d"], "filters", 7), "param conv2d filters");
    expect(state().past).toHaveLength(2);
    state().undo();
    expect(state().network.nodes[1]?.params).toEqual({ filters: 128 });
    state().undo();
    expect(state().network.nodes[1]?.params).toEqual({});
  });

  test("a change that changes nothing is no step", () => {
    state().edit("rename", (now) => rename(now, "conv2d", "  "));
    expect(state().past).toEqual([]);
  });

  test("a new edit drops what could be redone", () => {
    state().edit("add", (now) => addBlock(now, "relu", null));
    state().undo();
    state().edit("add", (now) => addBlock(now, "tanh", null));
    expect(state().future).toEqual([]);
  });

  test("choosing blocks keeps the document and the other choice's wires", () => {
    const before = state().network;
    state().select(["conv2d"], ["input>conv2d"]);
    expect(state().selection).toEqual(["conv2d"]);
    expect(state().selectedEdges).toEqual(["input>conv2d"]);
    expect(state().network).toBe(before);
  });

  test("the first layout is no step", () => {
    state().arrange(new Map([["conv2d", { x: 3, y: 4 }]]));
    expect(state().network.nodes[1]?.position).toEqual({ x: 3, y: 4 });
    expect(state().past).toEqual([]);
  });
});

test("wires between the same blocks have names of their own", () => {
  const twice = readDocument({ nodes: [{ id: "a" }, { id: "b" }], edges: [{ source: "a", target: "b" }, { source: "a", target: "b" }] });
  expect(edgeKeys(twice)).toEqual(["a>b", "a>b#2"]);
});
