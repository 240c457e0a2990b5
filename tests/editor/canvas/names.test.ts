import { expect, test } from "vitest";
import { hiddenNames } from "../../../editor/canvas/labels";
import { modelOf } from "../../../editor/canvas/model";
import { type Level, nameLines, nameSize } from "../../../editor/canvas/names";
import { analysed, blocks, residual } from "./deep";

test.each([
  ["Conv 3×3", ["Conv 3×3"]],
  ["Residual bottleneck", ["Residual", "bottleneck"]],
  ["Residual bottleneck ×35", ["Residual", "bottleneck ×35"]],
  ["Conv 7×7, Max pool 3", ["Conv 7×7,", "Max pool 3"]],
  ["Unbreakablename", ["Unbreakablename"]],
])("a long name stands in two lines, its count with what it counts: %s", (name, lines) => expect(nameLines(name)).toEqual(lines));

test("a folded stage says less from further away", () => {
  const network = residual(3, 8, 36, 3);
  const piece = modelOf(network, analysed(network), blocks, { width: 900, height: 500 }).pieces.get("stage:Stage 3")!;
  const heights = (["near", "middle", "far"] as const).map((level) => nameSize(piece, level).height);
  expect(heights).toEqual([...heights].sort((a, b) => b - a));
  expect(new Set(heights).size).toBe(3);
});

test("names grow as the figure shrinks, and those that would collide are left out; stages stay longest", () => {
  const network = residual(3, 8, 36, 3);
  const model = modelOf(network, analysed(network), blocks, { width: 900, height: 500 }, { folding: { stages: true, runs: true, turned: ["stage:Stage 1"] } });
  const at = (unscale: number, level: Level) => hiddenNames(model.pieces, model.places, unscale, level);
  expect(at(1, "near").size).toBe(0);
  expect(at(8, "far").size).toBeGreaterThan(0);
  expect(at(2, "middle").has("stage:Stage 3")).toBe(false);
});
