import { expect, test } from "vitest";
import { dock } from "../../../editor/canvas/dock";

const FAMILY: Record<string, string> = { conv: "conv", relu: "activation", bn: "steadying", pool: "pool", input: "data" };
const family = (block: string) => FAMILY[block] ?? "";

function docked(ids: string[], wires: string) {
  const nodes = ids.map((id) => ({ id, block: id.replace(/\d/, "") }));
  const edges = wires.split(" ").map((wire) => {
    const [source = "", target = ""] = wire.split(">");
    return { source, target };
  });
  return dock(nodes, edges, family);
}

test("an activation that alone reads a slab is its tab, after its normalisation", () => {
  const { root, tabs } = docked(["conv", "bn", "relu", "pool"], "conv>bn bn>relu relu>pool");
  expect(tabs.get("conv")).toEqual(["bn", "relu"]);
  expect(root.get("relu")).toBe("conv");
  expect(root.get("pool")).toBe("pool");
});

test("it stands alone where others read the slab too, or where it has two inputs", () => {
  expect(docked(["conv", "relu", "pool"], "conv>relu conv>pool").root.get("relu")).toBe("relu");
  expect(docked(["conv", "conv2", "relu"], "conv>relu conv2>relu").root.get("relu")).toBe("relu");
});

test("it stands alone after the input, and in a loop", () => {
  expect(docked(["input", "bn"], "input>bn").root.get("bn")).toBe("bn");
  expect(docked(["relu", "bn"], "relu>bn bn>relu").root.get("bn")).toBe("bn");
});
