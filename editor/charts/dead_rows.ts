/** A row for each ReLU: one cell per unit (dead ones dark), its share of zeros, its dead share over time and now. */
import type { UnitsPast } from "../live/inside";
import type { Series } from "../live/live_run";
import { fittedNames } from "./names";
import { colour, figures, words } from "./theme";
import { percent } from "./words";

export interface DeadRow {
  name: string;
  units: number;
  /** Dead units; NaN until the first window is over. */
  dead: number;
  zeros: number;
  /** Which units are dead; null until they are known. */
  which: Uint8Array | null;
  /** Since when, and who came back; null in runs of older workers. */
  past: UnitsPast | null;
  /** The dead count over time, for the small curve. */
  series: Series | null;
  warned: boolean;
}

/** Cells to a row, as in the figure. */
const PER_ROW = 20;
/** Where 20 to a row would be specks, px, rows get shorter. */
const SPECK = 5;
const LEAST_PER_ROW = 4;
/** More cells than this are told by a bar, cells would be specks. */
const MOST_CELLS = 1_200;
/** Taller rows would only spread the list out. */
export const MOST_HEIGHT = 56;
export const NAME_WIDTH = 92;
const SPARK = 44;
const ZEROS = 40;
const DEAD = 40;

export interface CellGrid {
  columns: number;
  rows: number;
  size: number;
}

/** The largest square cells for `units` in a width and height, at least 20 to a row, or `least`, where there are as many. */
export function cellGrid(units: number, width: number, height: number, largest = 9, least = PER_ROW): CellGrid {
  let best: CellGrid = { columns: 1, rows: units, size: 0 };
  for (let columns = Math.min(units, least); columns <= units; columns += 1) {
    const rows = Math.ceil(units / columns);
    const size = Math.min(largest, width / columns, height / rows);
    if (size > best.size + 1e-9) best = { columns, rows, size };
    if (width / columns < best.size) break;
  }
  return best;
}

/** Height that all rows want: what is there, but no less than 20 px a row. */
export function deadHeight(rows: number, room: number): number {
  return Math.max(room, rows * 20);
}

export function paintDeadRows(ctx: CanvasRenderingContext2D, width: number, height: number, rows: DeadRow[], range: [number, number]): void {
  const rowHeight = Math.min(MOST_HEIGHT, height / Math.max(1, rows.length));
  ctx.font = words(11.5, 600);
  const names = fittedNames(ctx, rows.map((row) => row.name), NAME_WIDTH - 8);
  rows.forEach((row, index) => {
    const top = index * rowHeight;
    if (row.warned) {
      ctx.fillStyle = colour("warn-wash");
      ctx.beginPath();
      ctx.roundRect(0, top + 1, width, rowHeight - 2, 4);
      ctx.fill();
    }
    const middle = top + rowHeight / 2;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    ctx.font = words(11.5, row.warned ? 600 : 400);
    ctx.fillStyle = colour(row.warned ? "warn" : "ink-2");
    ctx.fillText(names[index] as string, NAME_WIDTH - 6, middle + 0.5);
    paintUnits(ctx, row, NAME_WIDTH, top + 2, unitsRoom(width), rowHeight - 4);
    paintSpark(ctx, row, range, width - SPARK - ZEROS - DEAD, middle, Math.min(18, rowHeight - 6));
    ctx.font = figures(11.5);
    ctx.textAlign = "right";
    ctx.fillStyle = colour("ink-3");
    ctx.fillText(percent(row.zeros, 0), width - DEAD, middle + 0.5);
    ctx.font = figures(11.5, row.warned ? 600 : 400);
    ctx.fillStyle = colour(row.warned ? "warn" : "ink-2");
    ctx.fillText(percent(row.dead / row.units, 0), width - 2, middle + 0.5);
  });
}

/** In narrow lists rows of cells are shorter than 20, so that cells are more than specks. */
const listGrid = (units: number, width: number, height: number): CellGrid => cellGrid(units, width, height, 9, width / PER_ROW < SPECK ? LEAST_PER_ROW : PER_ROW);

const unitsRoom = (width: number): number => width - NAME_WIDTH - SPARK - ZEROS - DEAD - 10;

/** The row at a place, and its unit where there is a cell. */
export function unitAt(rows: readonly DeadRow[], x: number, y: number, width: number, height: number): { row: DeadRow; unit: number | null } | null {
  const rowHeight = Math.min(MOST_HEIGHT, height / Math.max(1, rows.length));
  const index = Math.floor(y / rowHeight);
  const row = rows[index];
  if (!row) return null;
  if (row.units > MOST_CELLS) return { row, unit: null };
  const { columns, rows: lines, size } = listGrid(row.units, unitsRoom(width), rowHeight - 4);
  const column = Math.floor((x - NAME_WIDTH) / size);
  const line = Math.floor((y - index * rowHeight - 2 - (rowHeight - 4 - lines * size) / 2) / size);
  const unit = line * columns + column;
  return { row, unit: column >= 0 && column < columns && line >= 0 && unit < row.units ? unit : null };
}

function paintUnits(ctx: CanvasRenderingContext2D, row: DeadRow, left: number, top: number, width: number, height: number): void {
  if (row.units > MOST_CELLS) {
    paintBar(ctx, row, left, top + height / 2 - 4, width);
    return;
  }
  const { columns, rows, size } = listGrid(row.units, width, height);
  const gap = size > 3 ? 0.8 : 0.4;
  const start = top + (height - rows * size) / 2;
  const [live, dead] = [new Path2D(), new Path2D()];
  for (let unit = 0; unit < row.units; unit += 1) {
    const x = left + (unit % columns) * size;
    const y = start + Math.floor(unit / columns) * size;
    (row.which?.[unit] ? dead : live).rect(x, y, size - gap, size - gap);
  }
  if (size <= 3) {
    // Too small for outlines: the ground shows through the gaps.
    ctx.fillStyle = colour("unit-line");
    ctx.fillRect(left, start, columns * size, rows * size);
  }
  ctx.fillStyle = colour("unit-live");
  ctx.fill(live);
  ctx.fillStyle = colour("unit-dead");
  ctx.fill(dead);
  if (size <= 3) return;
  ctx.lineWidth = 0.6;
  ctx.strokeStyle = colour("unit-line");
  ctx.stroke(live);
  ctx.stroke(dead);
}

function paintBar(ctx: CanvasRenderingContext2D, row: DeadRow, left: number, top: number, width: number): void {
  ctx.fillStyle = colour("unit-live");
  ctx.fillRect(left, top, width, 8);
  ctx.fillStyle = colour("unit-dead");
  if (row.dead > 0) ctx.fillRect(left, top, (width * row.dead) / row.units, 8);
  ctx.strokeStyle = colour("unit-line");
  ctx.lineWidth = 0.6;
  ctx.strokeRect(left, top, width, 8);
}

function paintSpark(ctx: CanvasRenderingContext2D, row: DeadRow, range: [number, number], left: number, middle: number, height: number): void {
  const wide = SPARK - 8;
  const bottom = middle + height / 2;
  if (!row.series) return;
  const { table, column } = row.series;
  ctx.beginPath();
  let drawn = false;
  for (let pixel = 0; pixel <= wide; pixel += 1) {
    const step = range[0] + ((range[1] - range[0]) * pixel) / wide;
    const value = table.valueAt(column, step);
    if (Number.isNaN(value)) continue;
    const y = bottom - (height * value) / row.units;
    if (drawn) ctx.lineTo(left + pixel, y);
    else ctx.moveTo(left + pixel, y);
    drawn = true;
  }
  ctx.strokeStyle = colour(row.warned ? "warn" : "ink-3");
  ctx.lineWidth = 1.25;
  ctx.stroke();
}
