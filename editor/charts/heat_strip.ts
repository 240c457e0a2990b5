/** Layers by time: a row per layer from the input down, coloured by log10 of the gradient magnitude; last value at the right. */
import type { Series } from "../live/live_run";
import { fittedNames } from "./names";
import { gradientShare, rampTable } from "./ramp";
import { colour, figures, words } from "./theme";
import { decade } from "./words";

export interface StripRow {
  name: string;
  /** The layer's gradient magnitude. */
  series: Series | null;
  /** The value beside the row. */
  shown: number;
  /** Drawn as a curve below. */
  chosen: boolean;
  warned: boolean;
}

/** Rows read per pixel and layer at most: more would not be seen. */
const SAMPLES = 4;

/** Geometric mean of a few measured values in rows first..last; NaN where there is none. */
export function meanMagnitude(values: Float32Array, first: number, last: number): number {
  const stride = Math.max(1, Math.floor((last - first + 1) / SAMPLES));
  let sum = 0;
  let count = 0;
  for (let row = first; row <= last; row += stride) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    sum += Math.log10(Math.max(value, 1e-12));
    count += 1;
  }
  return count === 0 ? Number.NaN : 10 ** (sum / count);
}

/** For each pixel of the axis the rows that fall on it, as [first, last]; a pixel between two rows shows the one before. */
export function rowsOfPixels(steps: Float64Array, range: [number, number], pixels: number): Int32Array {
  const out = new Int32Array(2 * pixels).fill(-1);
  let row = -1;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const end = range[0] + ((pixel + 1) * (range[1] - range[0])) / pixels;
    const first = row + 1;
    while (row + 1 < steps.length && (steps[row + 1] as number) <= end) row += 1;
    if (row < 0) continue;
    const start = range[0] + (pixel * (range[1] - range[0])) / pixels;
    const over = row === steps.length - 1 && (steps[row] as number) < start;
    if (over) continue;
    out[2 * pixel] = Math.min(first, row);
    out[2 * pixel + 1] = row;
  }
  return out;
}

export interface StripArea {
  left: number;
  right: number;
  width: number;
  height: number;
}

/** Names stand at least this far apart, px. */
const LINE = 11;
const HALF_LINE = 6;

let scratch: OffscreenCanvas | null = null;

export function paintHeatStrip(ctx: CanvasRenderingContext2D, area: StripArea, rows: StripRow[], range: [number, number]): void {
  const { left, right, width, height } = area;
  if (rows.length === 0) return;
  const rowHeight = height / rows.length;
  const pixels = Math.max(1, Math.floor(width - left - right));
  if (rows.some((row) => (row.series?.table.length ?? 0) > 0)) {
    const image = stripImage(rows, range, pixels);
    ctx.imageSmoothingEnabled = false;
    rows.forEach((_, index) => {
      const top = Math.round(index * rowHeight);
      const tall = Math.max(1, Math.round((index + 1) * rowHeight) - top - (rowHeight > 5 ? 1 : 0));
      ctx.drawImage(image, 0, index, pixels, 1, left, top, pixels, tall);
    });
  }
  paintNames(ctx, area, rows, rowHeight, pixels);
}

/** One pixel high for each layer; drawImage stretches it. */
function stripImage(rows: StripRow[], range: [number, number], pixels: number): OffscreenCanvas {
  scratch ??= new OffscreenCanvas(1, 1);
  scratch.width = pixels;
  scratch.height = rows.length;
  const context = scratch.getContext("2d") as OffscreenCanvasRenderingContext2D;
  const image = context.createImageData(pixels, rows.length);
  const out = new Uint32Array(image.data.buffer);
  const ramp = rampTable();
  const spans = new Map<Series["table"], Int32Array>();
  rows.forEach((row, index) => {
    if (!row.series) return;
    const { table, column } = row.series;
    const span = spans.get(table) ?? rowsOfPixels(table.steps, range, pixels);
    spans.set(table, span);
    const values = table.column(column);
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const last = span[2 * pixel + 1] as number;
      if (last < 0) continue;
      const magnitude = meanMagnitude(values, span[2 * pixel] as number, last);
      if (!Number.isNaN(magnitude)) out[index * pixels + pixel] = ramp[Math.round(255 * gradientShare(magnitude))] as number;
    }
  });
  context.putImageData(image, 0, 0);
  return scratch;
}

function paintNames(ctx: CanvasRenderingContext2D, { left, right, width }: StripArea, rows: StripRow[], rowHeight: number, pixels: number): void {
  ctx.textBaseline = "middle";
  ctx.font = words(11.5, 600);
  const names = fittedNames(ctx, rows.map((row) => row.name), left - 8);
  const bottom = rows.length * rowHeight;
  const lastPlace = bottom - HALF_LINE;
  let taken = Number.NEGATIVE_INFINITY;
  rows.forEach((row, index) => {
    // The first and the last name stay whole where rows are lower than words.
    const y = Math.max(HALF_LINE, Math.min(lastPlace, (index + 0.5) * rowHeight));
    if (row.warned) {
      ctx.strokeStyle = colour("warn-line");
      ctx.lineWidth = 1.5;
      ctx.strokeRect(left, Math.round(index * rowHeight) - 0.5, pixels, rowHeight);
    }
    const crowded = y - taken < LINE || (index < rows.length - 1 && lastPlace - y < LINE);
    if (crowded && index > 0 && index < rows.length - 1 && !row.warned) return;
    taken = y;
    ctx.font = words(11.5, row.warned || row.chosen ? 600 : 400);
    ctx.fillStyle = colour(row.warned ? "warn" : row.chosen ? "ink" : "ink-2");
    ctx.textAlign = "right";
    ctx.fillText(names[index] as string, left - 6, y + 0.5);
    ctx.font = figures(10.5);
    ctx.fillStyle = colour(row.warned ? "warn" : "ink-3");
    ctx.textAlign = "left";
    ctx.fillText(decade(row.shown), width - right + 4, y + 0.5);
  });
}
