import { describe, expect, it } from "vitest";
import { cellGrid, type DeadRow, NAME_WIDTH, unitAt } from "../../../editor/charts/dead_rows";

const row = (name: string, units: number): DeadRow => ({ name, units, dead: 0, zeros: 0, which: null, past: null, series: null, warned: false });

describe("the unit under the pointer", () => {
  const rows = [row("a", 8), row("b", 40), row("c", 4096)];
  const [width, height] = [400, 150];

  it("is the cell that is drawn there", () => {
    const { columns, size } = cellGrid(40, width - NAME_WIDTH - 44 - 40 - 40 - 10, 46);
    const lines = Math.ceil(40 / columns);
    const top = 50 + 2 + (46 - lines * size) / 2;
    const found = unitAt(rows, NAME_WIDTH + 2.5 * size, top + (lines - 0.5) * size, width, height);
    expect(found).toMatchObject({ row: { name: "b" }, unit: (lines - 1) * columns + 2 });
  });

  it("is none beside the cells and where a bar stands for them", () => {
    expect(unitAt(rows, 5, 25, width, height)).toMatchObject({ row: { name: "a" }, unit: null });
    expect(unitAt(rows, NAME_WIDTH + 5, 125, width, height)).toMatchObject({ row: { name: "c" }, unit: null });
    expect(unitAt(rows, 5, 170, width, height)).toBeNull();
  });
});
