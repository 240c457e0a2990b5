import { describe, expect, test } from "vitest";
import { draw, subjectOf } from "../../../editor/canvas/drawing";
import { fold, foldablesOf, type Folding, foldingFor, OPEN, turned } from "../../../editor/canvas/folding";
import type { Network } from "../../../editor/generated/types";
import { edgeKeys } from "../../../editor/store/graph";
import { analysed, blocks, chainOf, residual } from "./deep";

const CLOSED: Folding = { stages: true, runs: true, turned: [] };

function parts(network: Network, change = {}) {
  const subject = subjectOf(network, analysed(network, change), edgeKeys(network));
  const whole = draw(subject, blocks);
  return { whole, foldables: foldablesOf(whole, subject.nodes) };
}

function folded(network: Network, folding: Folding) {
  const { whole, foldables } = parts(network);
  return fold(whole, foldables, folding);
}

const ids = (network: Network, folding: Folding) => [...folded(network, folding).drawing.pieces.keys()];

describe("stages", () => {
  test("are what hangs together under one name; the ends of the network stand outside", () => {
    const network = residual(4, 6);
    network.nodes.find((node) => node.id === "input")!.stage = "Stem";
    expect(parts(network).foldables.filter((part) => part.kind === "stage").map((part) => [part.key, part.ids.length])).toEqual([
      ["stage:Stem", 3],
      ["stage:Stage 1", 4],
      ["stage:Stage 2", 6],
      ["stage:Head", 1],
    ]);
  });

  test("of one name in two places are two", () => {
    const network = chainOf([
      { id: "a", block: "conv2d", stage: "S" },
      { id: "b", block: "max_pool" },
      { id: "c", block: "conv2d", stage: "S", params: { filters: 2 } },
    ]);
    expect(parts(network).foldables.map((part) => part.key)).toEqual(["stage:S", "stage:S#2"]);
  });

  test("fold to one slab each, wired as their blocks were", () => {
    const { drawing } = folded(residual(4, 6), CLOSED);
    expect([...drawing.pieces.keys()]).toEqual(["input", "stage:Stem", "stage:Stage 1", "stage:Stage 2", "stage:Head", "output"]);
    expect(drawing.wires.map((wire) => [wire.source, wire.target, wire.from, wire.to])).toEqual([
      ["input", "stage:Stem", "input", "conv"],
      ["stage:Stem", "stage:Stage 1", "pool", "s1_1"],
      ["stage:Stage 1", "stage:Stage 2", "s1_4", "s2_1"],
      ["stage:Stage 2", "stage:Head", "s2_6", "dense"],
      ["stage:Head", "output", "dense", "output"],
    ]);
    expect(drawing.root.get("relu")).toBe("stage:Stem");
  });

  test("a folded slab says what repeats, and sums what is in it", () => {
    const slab = folded(residual(4, 6), CLOSED).drawing.pieces.get("stage:Stage 2");
    expect(slab?.fold).toMatchObject({ holds: "residual ×6", times: 6, entry: "s2_1", exit: "s2_6" });
    expect(slab).toMatchObject({ label: "Stage 2", parameters: 60, macs: 600, shape: [16, 8, 8] });
  });

  test("the slab is the volume that leaves the stage", () => {
    const network = residual(3);
    const { whole, foldables } = parts(network, { s1_1: { shape: [4, 16, 16] }, s1_3: { shape: [64, 2, 2] } });
    expect(fold(whole, foldables, CLOSED).drawing.pieces.get("stage:Stage 1")?.shape).toEqual([64, 2, 2]);
  });

  test("several wires into and out of a stage stay, but not one twice", () => {
    const network = chainOf(
      [
        { id: "in", block: "input" },
        { id: "a", block: "conv2d", stage: "S" },
        { id: "b", block: "conv2d", stage: "S" },
        { id: "x", block: "add", stage: "T" },
        { id: "y", block: "conv2d", stage: "T" },
        { id: "side", block: "conv2d" },
      ],
      ["in>a", "a>b", "a>x", "b>x", "b>y", "b>side", "x>y"],
    );
    const { drawing } = folded(network, CLOSED);
    expect(drawing.wires.map((wire) => `${wire.from}: ${wire.source} > ${wire.target}`)).toEqual([
      "in: in > stage:S",
      "a: stage:S > stage:T",
      "b: stage:S > stage:T",
      "b: stage:S > side",
    ]);
  });
});

describe("runs", () => {
  test("of equal blocks fold within an open stage", () => {
    const network = residual(4, 6);
    network.nodes.find((node) => node.id === "s2_1")!.params = { filters: 16, stride: 2 };
    expect(ids(network, { ...CLOSED, stages: false })).toEqual(["input", "conv", "pool", "run:s1_1", "s2_1", "run:s2_2", "dense", "output"]);
  });

  test("need three in a row, the same settings and the same volume", () => {
    expect(parts(residual(2)).foldables.filter((part) => part.kind === "run")).toEqual([]);
    expect(parts(residual(4), { s1_1: { parameters: 11 } }).foldables.find((part) => part.kind === "run")?.pieces).toEqual(["s1_2", "s1_3", "s1_4"]);
    expect(parts(residual(4), { s1_4: { shape: [1, 1, 1] } }).foldables.find((part) => part.kind === "run")?.pieces).toEqual(["s1_1", "s1_2", "s1_3"]);
  });

  test("fold without stages too, tabs included", () => {
    const specs = [0, 1, 2, 3].flatMap((at) => [{ id: `c${at}`, block: "conv2d" }, { id: `r${at}`, block: "relu" }]);
    const network = chainOf([{ id: "in", block: "input" }, ...specs, { id: "out", block: "output" }]);
    const { drawing, folded: slabs } = folded(network, CLOSED);
    expect([...drawing.pieces.keys()]).toEqual(["in", "run:c0", "out"]);
    expect(slabs[0]?.ids).toEqual(["c0", "r0", "c1", "r1", "c2", "r2", "c3", "r3"]);
    expect(drawing.wires.map((wire) => wire.from)).toEqual(["in", "r3"]);
  });

  test("stop where something else reads a block in between", () => {
    const network = chainOf(
      [{ id: "in", block: "input" }, ...["a", "b", "c", "d"].map((id) => ({ id, block: "conv2d" })), { id: "s", block: "add" }],
      ["in>a", "a>b", "b>c", "c>d", "d>s", "b>s"],
    );
    expect(parts(network).foldables).toEqual([]);
  });
});

describe("folding", () => {
  test("networks open folded when they are large, and only then", () => {
    expect(foldingFor(parts(residual(4, 6)).whole)).toEqual(OPEN);
    expect(foldingFor(parts(residual(3, 8, 36, 3)).whole)).toEqual(CLOSED);
  });

  test("one part is turned and turned back, the others stay", () => {
    const once = turned(CLOSED, "stage:Stage 1");
    expect(ids(residual(2, 6), once)).toEqual(["input", "stage:Stem", "s1_1", "s1_2", "stage:Stage 2", "stage:Head", "output"]);
    expect(turned(once, "stage:Stage 1")).toEqual(CLOSED);
  });

  test("an open stage is told with the runs in it, a run in a folded one is not", () => {
    const { open, folded: slabs } = folded(residual(4, 6), turned(CLOSED, "stage:Stage 1"));
    expect(open.map((part) => part.key)).toEqual(["stage:Stage 1"]);
    expect(slabs.map((part) => part.key)).toEqual(["stage:Stem", "stage:Stage 2", "stage:Head", "run:s1_1"]);
  });

  test("nothing folds where everything is open", () => {
    const network = residual(3, 3);
    expect(ids(network, OPEN)).toEqual([...parts(network).whole.pieces.keys()]);
  });
});
