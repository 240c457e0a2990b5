import { describe, expect, test } from "vitest";
import { type Folding, turned } from "../../../editor/canvas/folding";
import { boxAt } from "../../../editor/canvas/geometry";
import { type Model, modelOf } from "../../../editor/canvas/model";
import { rowsOf } from "../../../editor/canvas/rows";
import type { Network } from "../../../editor/generated/types";
import { analysed, blocks, residual } from "./deep";

const CLOSED: Folding = { stages: true, runs: true, turned: [] };
const WINDOW = { width: 840, height: 480 };

const shown = (network: Network, folding: Folding | null = null, window = WINDOW): Model => modelOf(network, analysed(network), blocks, window, { folding });

interface Named {
  id: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const bodies = ({ pieces, places }: Model): Named[] =>
  [...pieces.values()].map((piece) => {
    const place = places.get(piece.id) ?? { x: 0, y: 0 };
    return { id: piece.id, ...boxAt(piece.size, place.x, place.y) };
  });

const overlap = (a: Named, b: Named) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

describe("a deep network", () => {
  const deep = residual(3, 8, 36, 3);

  test("opens as a handful of slabs", () => {
    expect([...shown(deep).pieces.keys()]).toEqual(["input", "stage:Stem", "stage:Stage 1", "stage:Stage 2", "stage:Stage 3", "stage:Stage 4", "stage:Head", "output"]);
  });

  test.each([
    ["folded", CLOSED],
    ["stages open", { ...CLOSED, stages: false }],
    ["everything open", { stages: false, runs: false, turned: [] }],
    ["one stage and its run open", turned(turned(CLOSED, "stage:Stage 3"), "run:s3_1")],
  ] as const)("no block stands on another, and each hull holds its own blocks and no others: %s", (_, folding) => {
    const model = shown(deep, folding);
    const all = bodies(model);
    expect(all.flatMap((a, at) => all.slice(at + 1).filter((b) => overlap(a, b)).map((b) => `${a.id} on ${b.id}`))).toEqual([]);
    for (const { box, pieces } of model.hulls) {
      const within = all.filter((body) => overlap(body, { id: "", ...box })).map((body) => body.id);
      expect(new Set(within)).toEqual(new Set(pieces));
    }
  });

  test("a stage longer than the window wraps inside its hull", () => {
    const model = shown(deep, turned(turned(CLOSED, "stage:Stage 3"), "run:s3_1"));
    const hull = model.hulls.find((other) => other.part.key === "stage:Stage 3");
    expect(model.hulls.map((other) => other.part.key)).toEqual(["stage:Stage 3", "run:s3_1"]);
    expect(new Set(hull?.pieces.map((id) => model.places.get(id)?.y)).size).toBeGreaterThan(2);
  });

  test("rows are lettered where the figure wraps, and not where it is one row", () => {
    expect(rowsOf(shown(deep, { ...CLOSED, stages: false })).map((row) => row.letter).join("")).toMatch(/^abc?d?$/);
    expect(rowsOf(shown(residual(1), null, { width: 3000, height: 300 }))).toEqual([]);
  });

  test("every wire that is drawn has a way", () => {
    const model = shown(deep, { ...CLOSED, stages: false });
    expect([...model.routes.keys()]).toEqual(model.drawing.wires.map((wire) => wire.key));
  });
});

describe("places in the document", () => {
  const at = (network: Network, places: Record<string, { x: number; y: number } | null>): Network => ({ ...network, nodes: network.nodes.map((node) => ({ ...node, position: places[node.id] ?? null })) });

  test("a folded stage stands where its first block does", () => {
    const network = at(residual(4), { input: { x: 0, y: 0 }, conv: { x: 100, y: 5 }, s1_1: { x: 300, y: 5 }, dense: { x: 500, y: 5 }, output: { x: 700, y: 5 } });
    const model = shown(network, CLOSED);
    expect(model.places.get("stage:Stage 1")).toEqual({ x: 300, y: 5 });
    expect(model).toMatchObject({ arranged: true, refolded: false });
  });

  test("of another folding are kept, and the figure is laid out anew meanwhile", () => {
    const folded = at(residual(4), { input: { x: 0, y: 0 }, conv: { x: 100, y: 5 }, s1_1: { x: 300, y: 5 }, dense: { x: 500, y: 5 }, output: { x: 700, y: 5 } });
    expect(shown(folded, turned(turned(CLOSED, "stage:Stage 1"), "run:s1_1"))).toMatchObject({ arranged: false, refolded: true });
    const open = at(residual(4), Object.fromEntries(residual(4).nodes.map((node, index) => [node.id, { x: 200 * index, y: 0 }])));
    expect(shown(open, { stages: false, runs: false, turned: [] })).toMatchObject({ arranged: true, refolded: false });
    expect(shown(open, CLOSED)).toMatchObject({ arranged: false, refolded: true });
  });

  test("a new block in an open stage finds its place between its neighbours", () => {
    const places = Object.fromEntries(residual(4).nodes.map((node, index) => [node.id, node.id === "s1_3" ? null : { x: 200 * index, y: 0 }]));
    const model = shown(at(residual(4), places), { stages: false, runs: false, turned: [] });
    expect(model).toMatchObject({ arranged: false, refolded: false });
    expect(model.places.get("s1_3")?.x).toBeGreaterThan(model.places.get("s1_2")?.x ?? 0);
  });
});
