import { describe, expect, test } from "vitest";
import { addAfter, adopt, connect, freeId, insertOnEdge, moveOntoEdge, reconnect, remove } from "../../../editor/actions/edit";
import type { Network } from "../../../editor/generated/types";
import { readDocument } from "../../../editor/store/graph";

/** "a>b b>c" as a document. */
function graph(wires: string, ...alone: string[]): Network {
  const edges = wires.split(" ").filter(Boolean).map((wire) => {
    const [source = "", target = ""] = wire.split(">");
    return { source, target };
  });
  const ids = [...new Set([...edges.flatMap((edge) => [edge.source, edge.target]), ...alone])];
  return readDocument({ nodes: ids.map((id) => ({ id, block: id })), edges });
}

const wiresOf = (network: Network | undefined) => network?.edges.map((edge) => `${edge.source}>${edge.target}`).join(" ");
const edge = (network: Network, at: number) => network.edges[at] ?? { source: "", target: "" };

describe("insert", () => {
  test("a block on a wire cuts it in two, at the wire's place in the order of inputs", () => {
    const network = graph("a>add b>add");
    const change = insertOnEdge(network, edge(network, 0), "relu");
    expect(wiresOf(change.network)).toBe("a>relu relu>add b>add");
    expect(change.select).toEqual(["relu"]);
  });

  test("a block after another takes over its readers", () => {
    expect(wiresOf(addAfter(graph("a>b a>c"), "a", "relu", false).network)).toBe("relu>b relu>c a>relu");
  });

  test("an end is only attached", () => {
    expect(wiresOf(addAfter(graph("a>b"), "a", "output", true).network)).toBe("a>b a>output");
  });

  test("a block that stands alone can be put on a wire, one that is wired cannot", () => {
    const network = graph("a>b", "c");
    expect(wiresOf(moveOntoEdge(network, "c", edge(network, 0))?.network)).toBe("a>c c>b");
    expect(moveOntoEdge(graph("a>b c>d"), "c", { source: "a", target: "b" })).toBeNull();
  });
});

describe("remove", () => {
  test("neighbours are joined where there is one input", () => {
    expect(wiresOf(remove(graph("a>b b>c b>d"), ["b"])?.network)).toBe("a>c a>d");
  });

  test("a run of blocks is bridged whatever the order they are named in", () => {
    expect(wiresOf(remove(graph("a>b b>c c>d d>e"), ["d", "b", "c"])?.network)).toBe("a>e");
  });

  test("the order of a concat's inputs stays", () => {
    expect(wiresOf(remove(graph("in>a a>cat in>b b>cat"), ["a"])?.network)).toBe("in>cat in>b b>cat");
  });

  test("no wire is doubled when a branch vanishes beside a shortcut", () => {
    expect(wiresOf(remove(graph("a>b b>add a>add"), ["b"])?.network)).toBe("a>add");
  });

  test("with two inputs nothing is guessed", () => {
    expect(wiresOf(remove(graph("a>add b>add add>c"), ["add"])?.network)).toBe("");
  });

  test("a chosen wire goes without its blocks", () => {
    const network = graph("a>b b>c");
    const change = remove(network, [], [edge(network, 1)]);
    expect(wiresOf(change?.network)).toBe("a>b");
    expect(change?.network.nodes).toHaveLength(3);
  });

  test("removing what is not there changes nothing", () => {
    expect(remove(graph("a>b"), ["z"])).toBeNull();
  });
});

describe("wires", () => {
  test("a new wire takes the place of the one it displaces", () => {
    const network = graph("a>c b>d", "e");
    expect(wiresOf(connect(network, "e", "c", [edge(network, 0)]).network)).toBe("e>c b>d");
  });

  test("a wire led elsewhere keeps its place in the list", () => {
    const network = graph("a>add b>add", "c");
    expect(wiresOf(reconnect(network, edge(network, 0), "c", "add")?.network)).toBe("c>add b>add");
    expect(reconnect(network, edge(network, 0), "a", "add")).toBeNull();
  });
});

test("ids are free and fit the document's rule", () => {
  expect(freeId(new Set(["conv2d", "conv2d_2"]), "conv2d")).toBe("conv2d_3");
  expect(freeId(new Set(), "odd name!")).toMatch(/^[A-Za-z0-9_.-]+$/);
});

test("a document from the site keeps the places and the name there are; new blocks are found places and chosen", () => {
  const now = { ...graph("a>b"), name: "Mine" };
  const placed = { ...now, nodes: now.nodes.map((node) => ({ ...node, position: { x: 5, y: 6 } })) };
  const made = graph("a>flatten flatten>b");
  const change = adopt(placed, { ...made, nodes: made.nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } })) });
  expect(change.network.name).toBe("Mine");
  expect(change.network.nodes.find((node) => node.id === "a")?.position).toEqual({ x: 5, y: 6 });
  expect(change.network.nodes.find((node) => node.id === "flatten")?.position).toBeNull();
  expect(change.select).toEqual(["flatten"]);
});
