import { describe, expect, test } from "vitest";
import { addAfter, insertOnEdge, moveOntoEdge } from "../../../editor/actions/edit";
import { follow } from "../../../editor/actions/following";
import { documentText } from "../../../editor/actions/files";
import { group, ungroup } from "../../../editor/actions/grouping";
import { copiedStage, freeStage, hangTogether, setStage } from "../../../editor/actions/stages";
import type { Network } from "../../../editor/generated/types";
import { readDocument } from "../../../editor/store/graph";

/** "in", then a and b of stage S, then c of no stage. */
const network = (): Network =>
  readDocument({
    name: "n",
    nodes: [
      { id: "in", block: "input" },
      { id: "a", block: "conv2d", stage: "S" },
      { id: "b", block: "conv2d", stage: "S" },
      { id: "c", block: "conv2d" },
      { id: "loose", block: "relu" },
    ],
    edges: [
      { source: "in", target: "a" },
      { source: "a", target: "b" },
      { source: "b", target: "c" },
    ],
  });

const stageOf = (made: { network: Network } | null, id: string) => made?.network.nodes.find((node) => node.id === id)?.stage;

describe("a block joins a stage", () => {
  test("on a wire within it, and not on the wire that leaves it", () => {
    expect(stageOf(insertOnEdge(network(), network().edges[1]!, "relu"), "relu")).toBe("S");
  });

  test.each([
    [1, "S"],
    [2, null],
    [0, null],
  ])("dropped on wire %i", (at, stage) => {
    const now = network();
    expect(stageOf(insertOnEdge(now, now.edges[at]!, "max_pool"), "max_pool")).toBe(stage);
    expect(stageOf(moveOntoEdge(now, "loose", now.edges[at]!), "loose")).toBe(stage);
  });

  test("added behind one of its blocks, where the stage goes on", () => {
    expect(stageOf(addAfter(network(), "a", "max_pool", false), "max_pool")).toBe("S");
    expect(stageOf(addAfter(network(), "b", "max_pool", false), "max_pool")).toBeNull();
  });

  test("as the activation of its last block", () => {
    expect(stageOf(follow(network(), "b", "activation", "relu", () => ""), "relu")).toBe("S");
  });
});

describe("a stage", () => {
  test("is given and taken, and nothing changes where it is there already", () => {
    const made = setStage(network(), ["b", "c"], " Body ");
    expect(["a", "b", "c"].map((id) => stageOf(made, id))).toEqual(["S", "Body", "Body"]);
    expect(stageOf(setStage(network(), ["a"], null), "a")).toBeNull();
    expect(setStage(network(), ["a", "b"], "S")).toBeNull();
  });

  test("hangs together by wires among its own blocks", () => {
    const { edges } = network();
    expect(hangTogether(edges, ["a", "b", "c"])).toBe(true);
    expect(hangTogether(edges, ["a", "c"])).toBe(false);
  });

  test("gets a free name, a copy the next number", () => {
    expect(freeStage(new Set(["Stage 1", "Stage 3"]))).toBe("Stage 2");
    expect(copiedStage(new Set(["Stage 1", "Stage 2"]), "Stage 1")).toBe("Stage 3");
    expect(copiedStage(new Set(["Stem"]), "Stem")).toBe("Stem 2");
  });

  test("is kept by a group of its blocks, and by them when the group is taken apart", () => {
    const grouped = group(network(), ["a", "b"], null);
    expect(stageOf(grouped, "group")).toBe("S");
    const inside = grouped?.network.nodes.find((node) => node.id === "group")?.params.network as Pick<Network, "nodes" | "edges">;
    expect(stageOf(ungroup(grouped!.network, "group", inside), "b")).toBe("S");
  });

  test("is in the exported document", () => {
    const text = documentText(network(), "n");
    expect(readDocument(JSON.parse(text)).nodes.map((node) => node.stage)).toEqual([null, "S", "S", null, null]);
  });
});
