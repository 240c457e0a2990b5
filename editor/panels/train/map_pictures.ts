/** Feature maps as pictures in the colours of the data scale. */
import { rampTable } from "../../charts/ramp";
import type { MapsView } from "../../live/inside";

/** One channel into a context, one pixel a value. */
export function paintChannel(context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, maps: MapsView, channel: number): void {
  const size = maps.width * maps.height;
  const image = context.createImageData(maps.width, maps.height);
  const out = new Uint32Array(image.data.buffer);
  const ramp = rampTable();
  const from = channel * size;
  for (let at = 0; at < size; at += 1) out[at] = ramp[maps.bytes[from + at] ?? 0] as number;
  context.putImageData(image, 0, 0);
}

export interface MapGrid {
  columns: number;
  rows: number;
  /** Side of a cell, gap included. */
  cell: number;
}

/** The largest square cells for `count` pictures in a width and height; at least `least` pixels, then the rest is left out. */
export function mapGrid(count: number, width: number, height: number, least = 18): MapGrid {
  let best: MapGrid = { columns: 1, rows: 1, cell: least };
  let found = 0;
  for (let columns = 1; columns <= Math.max(1, Math.floor(width / least)); columns += 1) {
    const rows = Math.ceil(count / columns);
    const cell = Math.min(width / columns, height / rows);
    if (cell > found) {
      found = cell;
      best = { columns, rows, cell };
    }
  }
  if (best.cell >= least) return best;
  const columns = Math.max(1, Math.floor(width / least));
  return { columns, rows: Math.max(1, Math.floor(height / least)), cell: width / columns };
}
