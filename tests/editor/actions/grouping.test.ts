import { describe, expect, test } from "vitest";
import { group, groupRefusal, type Inside, ungroup } from "../../../editor/actions/grouping";
import type { Network } from "../../../editor/generated/types";

/** "a>b b>c" as a document; each block's kind is its name without digits. */
function graph(wires: string): Network {
  const edges = wires.split(" ").map((wire) => ({ source: wire.split(">")[0] ?? "", target: wire.split(">")[1] ?? "" }));
  const ids = [...new Set(edges.flatMap((edge) => [edge.source, edge.target]))];
  return { format: 1, name: "Test", nodes: ids.map((id) => ({ id, block: id.replace(/\d/, ""), label: null, stage: null, params: {}, position: null })), edges };
}

const wiresOf = (edges: { source: string; target: string }[]) => edges.map((edge) => `${edge.source}>${edge.target}`).join(" ");
const refusal = (network: Network, ids: string[]) => groupRefusal(network, ids, (id) => id, (kind) => kind === "input" || kind === "output");

function grouped(wires: string, ids: string[]) {
  const network = group(graph(wires), ids, { x: 4, y: 5 })?.network;
  const node = network?.nodes.find((other) => other.block === "group");
  return { network: network as Network, id: node?.id ?? "", inside: node?.params.network as Inside };
}

describe("grouping", () => {
  test("blocks in a row become one block with the wires inside", () => {
    const { network, inside } = grouped("input>a a>b b>output", ["a", "b"]);
    expect(wiresOf(network.edges)).toBe("input>group group>output");
    expect(wiresOf(inside.edges)).toBe("in>a a>b b>out");
    expect(network.nodes.map((node) => node.id)).toEqual(["input", "group", "output"]);
  });

  test("branches that part and join are one group, and taking it apart gives back every wire in its order", () => {
    const wires = "input>a a>b a>c c>add b>add add>output";
    const { network, id, inside } = grouped(wires, ["a", "b", "c", "add"]);
    expect(wiresOf(network.edges)).toBe("input>group group>output");
    const back = ungroup(network, id, inside)?.network;
    expect(wiresOf(back?.edges ?? [])).toBe("input>a a>b a>c c>add b>add add>output");
    expect(back?.nodes.map((node) => node.id).sort()).toEqual(graph(wires).nodes.map((node) => node.id).sort());
  });

  test("a source that feeds several of the blocks feeds the group once", () => {
    const { network, inside } = grouped("input>b input>c b>add c>add add>output", ["b", "c", "add"]);
    expect(wiresOf(network.edges)).toBe("input>group group>output");
    expect(wiresOf(inside.edges)).toBe("in>b in>c b>add c>add add>out");
  });

  test("loose blocks in a row are grouped too", () => {
    const { network, inside } = grouped("a>b b>c", ["a", "b", "c"]);
    expect(network.edges).toEqual([]);
    expect(wiresOf(inside.edges)).toBe("in>a a>b b>c c>out");
  });

  test("taking apart finds free names where the network has theirs", () => {
    const { network, id, inside } = grouped("input>a a>b b>output", ["a", "b"]);
    const more = { ...network, nodes: [...network.nodes, { ...network.nodes[0], id: "a", block: "a" } as Network["nodes"][number]] };
    const back = ungroup(more, id, inside)?.network;
    expect(wiresOf(back?.edges ?? [])).toBe("input>a_2 a_2>b b>output");
  });
});

describe("what cannot be one block", () => {
  test.each([
    ["input>a a>output", ["a"], "Choose several"],
    ["input>a a>output", ["input", "a"], "stay outside"],
    ["input>a input>b a>add b>add add>output", ["a", "b"], "one output, but a and b lead on"],
    ["a>c b>d c>add d>add", ["c", "d", "add"], "one input, but these blocks are fed by a and b"],
    ["input>a a>b b>c c>output", ["a", "c"], "one input"],
    ["a>b b>c", ["a", "c"], "lead on|one|comes back|Draw"],
  ])("%s, of it %j: %s", (wires, ids, words) => {
    expect(refusal(graph(wires), ids)).toMatch(new RegExp(words));
  });

  test("what has one way in and one way out can", () => {
    expect(refusal(graph("input>a a>b b>output"), ["a", "b"])).toBeNull();
  });
});
