/** An image as numbers, and its way to what a network takes. */
import type { Dataset, Pen } from "../../../generated/types";

/** [channels][height][width], 0 to 255. */
export interface Plane {
  channels: number;
  height: number;
  width: number;
  values: Float32Array;
}

/** What is fainter is no ink: the edge of a stroke, or a scan's paper. */
const FAINT = 16;

/** Grey by Rec. 601, or colour; what is transparent shows white paper. */
export function fromPixels(rgba: Uint8ClampedArray, width: number, height: number, channels: number): Plane {
  const size = width * height;
  const values = new Float32Array(channels * size);
  for (let at = 0; at < size; at += 1) {
    const alpha = (rgba[4 * at + 3] as number) / 255;
    const over = (part: number) => (rgba[4 * at + part] as number) * alpha + 255 * (1 - alpha);
    if (channels === 1) values[at] = 0.299 * over(0) + 0.587 * over(1) + 0.114 * over(2);
    else for (let channel = 0; channel < channels; channel += 1) values[channel * size + at] = over(Math.min(channel, 2));
  }
  return { channels, height, width, values };
}

export function inverted(plane: Plane): Plane {
  return { ...plane, values: plane.values.map((value) => 255 - value) };
}

/** Each new pixel is the mean of the area that it covers. */
export function areaScaled(plane: Plane, height: number, width: number): Plane {
  const across = overlaps(plane.width, width);
  const down = overlaps(plane.height, height);
  const values = new Float32Array(plane.channels * height * width);
  for (let channel = 0; channel < plane.channels; channel += 1)
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        let sum = 0;
        for (const [row, tall] of down[y] as Overlap[])
          for (const [column, wide] of across[x] as Overlap[]) sum += (plane.values[(channel * plane.height + row) * plane.width + column] as number) * tall * wide;
        values[(channel * height + y) * width + x] = sum;
      }
  return { channels: plane.channels, height, width, values };
}

/** An old pixel, and its share of the new one. */
type Overlap = [from: number, share: number];

function overlaps(old: number, fresh: number): Overlap[][] {
  const size = old / fresh;
  return Array.from({ length: fresh }, (_, index) => {
    const [start, end] = [index * size, (index + 1) * size];
    const found: Overlap[] = [];
    for (let from = Math.floor(start); from < Math.min(old, Math.ceil(end)); from += 1) {
      const shared = Math.min(end, from + 1) - Math.max(start, from);
      if (shared > 1e-9) found.push([from, shared / size]);
    }
    return found;
  });
}

/** The part around the ink; null where there is none. */
function inkOf({ channels, height, width, values }: Plane): Plane | null {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let most = 0;
      for (let channel = 0; channel < channels; channel += 1) most = Math.max(most, values[(channel * height + y) * width + x] as number);
      if (most <= FAINT) continue;
      [top, bottom, left, right] = [Math.min(top, y), Math.max(bottom, y), Math.min(left, x), Math.max(right, x)];
    }
  if (bottom < 0) return null;
  const [tall, wide] = [bottom - top + 1, right - left + 1];
  const part = new Float32Array(channels * tall * wide);
  for (let channel = 0; channel < channels; channel += 1)
    for (let y = 0; y < tall; y += 1)
      for (let x = 0; x < wide; x += 1) part[(channel * tall + y) * wide + x] = values[(channel * height + top + y) * width + left + x] as number;
  return { channels, height: tall, width: wide, values: part };
}

/**
 * Bright ink on black, scaled with its proportions kept to fit the pen's box and put in the middle, as MNIST was made:
 * "size normalized to fit in a 20x20 pixel box while preserving their aspect ratio … centered in a 28x28 image by computing
 * the center of mass of the pixels, and translating the image so as to position this point at the center of the 28x28
 * field" (LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/). By whole pixels; nothing is cut off.
 */
export function centred(plane: Plane, height: number, width: number, pen: Pen): Plane {
  const out: Plane = { channels: plane.channels, height, width, values: new Float32Array(plane.channels * height * width) };
  const ink = inkOf(plane);
  if (!ink) return out;
  const box = Math.min(pen.box ?? Math.min(height, width), height, width);
  const scale = box / Math.max(ink.height, ink.width);
  const fitted = areaScaled(ink, Math.max(1, nearest(ink.height * scale)), Math.max(1, nearest(ink.width * scale)));
  const [top, left] = placeOf(fitted, height, width, pen.middle);
  for (let channel = 0; channel < plane.channels; channel += 1)
    for (let y = 0; y < fitted.height; y += 1)
      for (let x = 0; x < fitted.width; x += 1)
        out.values[(channel * height + top + y) * width + left + x] = fitted.values[(channel * fitted.height + y) * fitted.width + x] as number;
  return out;
}

function placeOf(fitted: Plane, height: number, width: number, middle: Pen["middle"]): [top: number, left: number] {
  if (middle === "box") return [Math.floor((height - fitted.height) / 2), Math.floor((width - fitted.width) / 2)];
  let [mass, down, across] = [0, 0, 0];
  fitted.values.forEach((value, at) => {
    mass += value;
    down += value * (Math.floor(at / fitted.width) % fitted.height);
    across += value * (at % fitted.width);
  });
  const within = (place: number, room: number) => Math.max(0, Math.min(room, place));
  return [within(nearest(height / 2 - down / mass), height - fitted.height), within(nearest(width / 2 - across / mass), width - fitted.width)];
}

const nearest = (value: number): number => Math.floor(value + 0.5);

export interface Making {
  /** Dark on light becomes light on dark. */
  invert: boolean;
  /** Scaled and put in the middle like the data set's own. */
  centre: boolean;
}

/** uint8 [channels][height][width] of what the network of a data set takes. */
export function networkInput(rgba: Uint8ClampedArray, width: number, height: number, dataset: Dataset, making: Making): Uint8Array {
  const seen = fromPixels(rgba, width, height, dataset.channels);
  const plane = making.invert ? inverted(seen) : seen;
  const made = making.centre ? centred(plane, dataset.height, dataset.width, dataset.pen) : areaScaled(plane, dataset.height, dataset.width);
  return Uint8Array.from(made.values, (value) => Math.max(0, Math.min(255, Math.round(value))));
}

/** Whether a picture is dark on light: its edge is lighter than its middle. */
export function looksInverted(rgba: Uint8ClampedArray, width: number, height: number): boolean {
  const { values } = fromPixels(rgba, width, height, 1);
  let [edge, edges, all] = [0, 0, 0];
  values.forEach((value, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    all += value;
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) {
      edge += value;
      edges += 1;
    }
  });
  return edge / edges > 128 && edge / edges >= all / values.length;
}
