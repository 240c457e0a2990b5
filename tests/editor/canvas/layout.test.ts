import { describe, expect, test } from "vitest";
import type { BlockView } from "../../../editor/generated/types";
import { type Drawing, draw } from "../../../editor/canvas/drawing";
import { boxAt } from "../../../editor/canvas/geometry";
import { layout } from "../../../editor/canvas/layout";
import { makeRoom } from "../../../editor/canvas/room";
import { routeAll } from "../../../editor/canvas/route";

const FAMILIES: Record<string, string> = { input: "data", output: "data", conv2d: "conv", max_pool: "pool", add: "join", concat: "join", relu: "activation", dense: "dense" };
const blocks = new Map(Object.entries(FAMILIES).map(([kind, family]) => [kind, { kind, family, label: kind, fields: [], has_output: kind !== "output", max_inputs: family === "join" ? null : 1, composite: false } as unknown as BlockView]));

/** A drawing of "conv2d:a>relu:b …", all shapes 16×16 with 32 channels. */
function drawing(wires: string[], kinds: Record<string, string>): Drawing {
  const edges = wires.map((wire) => {
    const [source = "", target = ""] = wire.split(">");
    return { source, target };
  });
  const nodes = Object.entries(kinds).map(([id, block]) => ({ id, block, label: null, params: {} }));
  const facts = new Map(nodes.map(({ id }) => [id, { label: id, shape: [32, 16, 16], inputs: [], parameters: 0, macs: 0 }]));
  return draw({ nodes, edges, keys: wires, facts }, blocks);
}

function chainOf(count: number): Drawing {
  const ids = Array.from({ length: count }, (_, index) => `n${index}`);
  return drawing(ids.slice(1).map((id, index) => `n${index}>${id}`), Object.fromEntries(ids.map((id) => [id, "conv2d"])));
}

const resnet = (): Drawing =>
  drawing(["in>a", "a>b", "b>c", "c>sum", "a>sum", "sum>d", "d>x", "d>y", "d>z", "x>cat", "y>cat", "z>cat", "cat>out"], {
    in: "input", a: "conv2d", b: "conv2d", c: "conv2d", sum: "add", d: "max_pool", x: "conv2d", y: "conv2d", z: "conv2d", cat: "concat", out: "output",
  });

function overlaps(figure: Drawing, places: ReadonlyMap<string, { x: number; y: number }>): string[] {
  const boxes = [...figure.pieces.values()].map((piece) => {
    const place = places.get(piece.id) ?? { x: 0, y: 0 };
    return { id: piece.id, ...boxAt(piece.size, place.x, place.y) };
  });
  return boxes.flatMap((a, at) =>
    boxes.slice(at + 1).flatMap((b) => (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom ? [`${a.id} on ${b.id}`] : [])),
  );
}

describe("layout", () => {
  test.each([["a chain of 180 in a window", chainOf(180), { width: 1000, height: 600 }], ["branches and a shortcut", resnet(), { width: 900, height: 500 }], ["in one row", resnet(), undefined]] as const)(
    "no two blocks overlap: %s",
    (_, figure, window) => expect(overlaps(figure, layout(figure, window))).toEqual([]),
  );

  test("a long figure wraps into rows and becomes easier to read", () => {
    const figure = chainOf(40);
    const rows = new Set([...layout(figure, { width: 1000, height: 600 }).values()].map((place) => place.y));
    expect(rows.size).toBeGreaterThan(2);
  });

  test("a short figure stays in one row", () => {
    const rows = new Set([...layout(chainOf(4), { width: 1400, height: 500 }).values()].map((place) => place.y));
    expect(rows.size).toBe(1);
  });

  test("wires run to the right except where the row ends", () => {
    const figure = resnet();
    const places = layout(figure);
    for (const wire of figure.wires) expect(places.get(wire.source)?.x ?? 0).toBeLessThan(places.get(wire.target)?.x ?? 0);
  });

  test("a shortcut does not push the path it passes off its level", () => {
    const places = layout(resnet());
    expect(new Set(["a", "b", "c", "sum"].map((id) => (places.get(id)?.y ?? 0))).size).toBe(1);
  });
});

describe("room", () => {
  test("a block without a place goes between its neighbours, and what follows moves over", () => {
    const figure = drawing(["a>b", "b>c", "c>d"], { a: "conv2d", b: "conv2d", c: "conv2d", d: "conv2d" });
    const known = new Map([["a", { x: 0, y: 50 }], ["c", { x: 100, y: 50 }], ["d", { x: 240, y: 50 }]]);
    const places = makeRoom(figure, known);
    expect(overlaps(figure, places)).toEqual([]);
    expect(places.get("b")?.y).toBe(50);
    expect(places.get("a")).toEqual({ x: 0, y: 50 });
    expect((places.get("d")?.x ?? 0) - (places.get("c")?.x ?? 0)).toBe(140);
  });

  test("places that are known and leave room stay", () => {
    const figure = chainOf(3);
    const known = new Map([["n0", { x: 0, y: 0 }], ["n1", { x: 300, y: 0 }], ["n2", { x: 600, y: 0 }]]);
    expect(makeRoom(figure, known)).toEqual(known);
  });
});

describe("routes", () => {
  test("every wire has one, and level ones carry their shape", () => {
    const figure = resnet();
    const routes = routeAll(figure.pieces, figure.wires, layout(figure, { width: 900, height: 500 }));
    expect([...routes.keys()].sort()).toEqual(figure.wires.map((wire) => wire.key).sort());
    expect(routes.get("a>b")?.label).not.toBeNull();
  });

  test("a shortcut goes over the blocks between and says the whole shape", () => {
    const figure = resnet();
    const places = layout(figure);
    const route = routeAll(figure.pieces, figure.wires, places).get("a>sum");
    const top = (places.get("b")?.y ?? 0) - (figure.pieces.get("b")?.size.h ?? 0) / 2;
    expect(route?.label?.whole).toBe(true);
    expect(route?.label?.y).toBeLessThan(top);
  });

  test("while a block moves only its own wires are led anew", () => {
    const figure = chainOf(5);
    const places = layout(figure);
    const before = routeAll(figure.pieces, figure.wires, places);
    const moved = new Map([...places, ["n4", { x: 900, y: 90 }]]);
    const after = routeAll(figure.pieces, figure.wires, moved, { before, only: new Set(["n4"]) });
    expect(after.get("n0>n1")).toBe(before.get("n0>n1"));
    expect(after.get("n3>n4")).not.toBe(before.get("n3>n4"));
  });
});
