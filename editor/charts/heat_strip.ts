/** Layers by time: a row per layer from the input down, coloured by its value; the last value at the right. */
import type { Series } from "../live/live_run";
import { fittedNames } from "./names";
import { rampTable } from "./ramp";
import { colour, figures, words } from "./theme";

export interface StripRow {
  name: string;
  series: Series | null;
  /** The series' values are divided by it. */
  by: number;
  /** What stands beside the row. */
  beside: string;
  /** Drawn as a curve below. */
  chosen: boolean;
  warned: boolean;
}

export interface StripScale {
  /** Changes with everything the colours depend on besides the rows. */
  key: string;
  /** Several rows of one pixel are averaged on their logarithms. */
  log: boolean;
  /** 0 to 1 on the ramp. */
  share: (value: number) => number;
}

/** Rows read per pixel and layer at most: more would not be seen. */
const SAMPLES = 4;
const LEAST = 1e-12;

/** Mean of a few measured values in rows first..last, geometric for `log`; NaN where there is none. Rows are read in pairs: in coarse ones least and most take turns. */
export function meanOf(values: Float32Array, first: number, last: number, log: boolean): number {
  const stride = 2 * Math.max(1, Math.floor((last - first + 1) / SAMPLES));
  let sum = 0;
  let count = 0;
  for (let pair = first; pair <= last; pair += stride) {
    for (let row = pair; row <= Math.min(pair + 1, last); row += 1) {
      const value = values[row] as number;
      if (Number.isNaN(value)) continue;
      sum += log ? Math.log10(Math.max(value, LEAST)) : value;
      count += 1;
    }
  }
  if (count === 0) return Number.NaN;
  return log ? 10 ** (sum / count) : sum / count;
}

/**
 * For each pixel of the axis the rows that fall on it, as [first, last]; a pixel between two rows shows the one before.
 * Up to the step `coarse` rows are the least and the most of several in turn, and a pixel gets as many of one as of the other.
 */
export function rowsOfPixels(steps: Float64Array, range: [number, number], pixels: number, coarse = -1): Int32Array {
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
    const from = Math.min(first, row);
    const alone = (row - from) % 2 === 0 && (steps[row] as number) <= coarse;
    const next = alone && (steps[row + 1] as number) <= coarse;
    out[2 * pixel] = alone && !next ? Math.max(0, from - 1) : from;
    out[2 * pixel + 1] = next ? row + 1 : row;
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
/** Rows lower than this share pixels: they are scaled down together, so that none is left out. */
const OWN_PIXELS = 1.5;

/** The picture of one strip: made anew only when a row, the axis or the colours change, not when the pointer moves. */
export class HeatStrip {
  private image: OffscreenCanvas | null = null;
  private made = "";

  paint(ctx: CanvasRenderingContext2D, area: StripArea, rows: readonly StripRow[], scale: StripScale, range: [number, number]): void {
    const { left, right, width, height } = area;
    if (rows.length === 0) return;
    const rowHeight = height / rows.length;
    const pixels = Math.max(1, Math.floor(width - left - right));
    if (rows.some((row) => (row.series?.table.length ?? 0) > 0)) {
      const image = this.picture(rows, scale, range, pixels);
      if (rowHeight < OWN_PIXELS) {
        ctx.imageSmoothingEnabled = true;
        ctx.drawImage(image, 0, 0, pixels, rows.length, left, 0, pixels, height);
      } else {
        ctx.imageSmoothingEnabled = false;
        rows.forEach((_, index) => {
          const top = Math.round(index * rowHeight);
          const tall = Math.max(1, Math.round((index + 1) * rowHeight) - top - (rowHeight > 5 ? 1 : 0));
          ctx.drawImage(image, 0, index, pixels, 1, left, top, pixels, tall);
        });
      }
    }
    paintNames(ctx, area, rows, rowHeight, pixels);
  }

  /** One pixel high for each layer; drawImage stretches it. */
  private picture(rows: readonly StripRow[], scale: StripScale, range: [number, number], pixels: number): OffscreenCanvas {
    const tables = Array.from(new Set(rows.map((row) => row.series?.table)), (table) => table?.version ?? 0);
    const key = [scale.key, colour("surface"), range, pixels, rows.length, tables].join(" ");
    if (this.image && key === this.made) return this.image;
    this.made = key;
    this.image ??= new OffscreenCanvas(1, 1);
    this.image.width = pixels;
    this.image.height = rows.length;
    const context = this.image.getContext("2d") as OffscreenCanvasRenderingContext2D;
    const image = context.createImageData(pixels, rows.length);
    paintRows(new Uint32Array(image.data.buffer), rows, scale, range, pixels);
    context.putImageData(image, 0, 0);
    return this.image;
  }
}

function paintRows(out: Uint32Array, rows: readonly StripRow[], scale: StripScale, range: [number, number], pixels: number): void {
  const ramp = rampTable();
  const spans = new Map<Series["table"], Int32Array>();
  rows.forEach((row, index) => {
    if (!row.series) return;
    const { table, column } = row.series;
    const span = spans.get(table) ?? rowsOfPixels(table.steps, range, pixels, table.coarseUntil);
    spans.set(table, span);
    const values = table.column(column);
    for (let pixel = 0; pixel < pixels; pixel += 1) {
      const last = span[2 * pixel + 1] as number;
      if (last < 0) continue;
      const mean = meanOf(values, span[2 * pixel] as number, last, scale.log) / row.by;
      if (!Number.isNaN(mean)) out[index * pixels + pixel] = ramp[Math.round(255 * scale.share(mean))] as number;
    }
  });
}

function paintNames(ctx: CanvasRenderingContext2D, { left, right, width }: StripArea, rows: readonly StripRow[], rowHeight: number, pixels: number): void {
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
    if (crowded && index > 0 && index < rows.length - 1) return;
    taken = y;
    ctx.font = words(11.5, row.warned || row.chosen ? 600 : 400);
    ctx.fillStyle = colour(row.warned ? "warn" : row.chosen ? "ink" : "ink-2");
    ctx.textAlign = "right";
    ctx.fillText(names[index] as string, left - 6, y + 0.5);
    ctx.font = figures(10.5);
    ctx.fillStyle = colour(row.warned ? "warn" : "ink-3");
    ctx.textAlign = "left";
    ctx.fillText(row.beside, width - right + 4, y + 0.5);
  });
}
