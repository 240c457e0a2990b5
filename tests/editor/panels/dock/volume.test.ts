import { expect, test } from "vitest";
import { drawnColumns } from "../../../../editor/panels/costColumns";
import { foldText, spokenVolume, steepest, volumeOf } from "../../../../editor/panels/dock/volume";
import { analysed, catalogue } from "../networks";

function volume(blocks: Parameters<typeof analysed>[0], wires: string[]) {
  const { network, analysis } = analysed(blocks, wires);
  return volumeOf(drawnColumns(network, analysis, catalogue), network.edges);
}

const chain = volume(
  [
    { id: "in", block: "input", shape: [1, 8, 8] },
    { id: "c", shape: [4, 8, 8] },
    { id: "p", block: "max_pool", shape: [4, 2, 2] },
    { id: "d", block: "dense", shape: [10] },
  ],
  ["in>c", "c>p", "p>d"],
);

test("in a chain each depth carries what its block gives out", () => {
  expect(chain.depths.map(({ carried }) => carried)).toEqual([64, 256, 16, 10]);
});

test("blocks side by side count together, and a branch that waits still counts", () => {
  const { columns, depths } = volume(
    [
      { id: "in", block: "input", shape: [2, 4, 4] },
      { id: "a", shape: [1, 4, 4] },
      { id: "b", shape: [3, 4, 4] },
      { id: "b2", shape: [5, 4, 4] },
      { id: "cat", block: "concat", shape: [6, 4, 4] },
    ],
    ["in>a", "in>b", "b>b2", "a>cat", "b2>cat"],
  );
  expect(columns.map(({ id }) => id)).toEqual(["in", "a", "b", "b2", "cat"]);
  expect(depths).toEqual([
    { first: 0, count: 1, carried: 32 },
    { first: 1, count: 2, carried: 64 },
    { first: 3, count: 1, carried: 96 }, // b2's 80 and the 16 of a, which wait for it
    { first: 4, count: 1, carried: 96 },
  ]);
});

test("a shortcut counts for as long as it lasts", () => {
  const { depths } = volume(
    [
      { id: "in", block: "input", shape: [1, 4, 4] },
      { id: "c1", shape: [1, 4, 4] },
      { id: "c2", shape: [1, 4, 4] },
      { id: "sum", block: "concat", shape: [1, 4, 4] },
    ],
    ["in>c1", "c1>c2", "c2>sum", "in>sum"],
  );
  expect(depths.map(({ carried }) => carried)).toEqual([16, 32, 32, 16]);
});

test("blocks of unknown shape come last and have no volume", () => {
  const { columns, depths } = volume([{ id: "in", block: "input", shape: [1, 4, 4] }, { id: "c", shape: null }], ["in>c"]);
  expect(columns.map(({ id }) => id)).toEqual(["in", "c"]);
  expect(depths).toEqual([{ first: 0, count: 1, carried: 16 }]);
});

test("the steepest fall is a factor, told in one sentence", () => {
  expect(steepest(chain.depths)).toEqual({ at: 2, fold: 16 });
  expect(spokenVolume(chain)).toBe("From 8×8×1, 64 values, to 10 in 3 steps. The steepest fall is at p: from 256 to 16, 16-fold.");
  expect(spokenVolume({ columns: [], depths: [] })).toBe("There is no way through the network yet.");
});

test.each([
  [1.5, "1.5"],
  [2, "2"],
  [63.9, "64"],
])("a fall of %s is written %s", (fold, words) => expect(foldText(fold)).toBe(words));
