/** Where a receptive field lies on the image. The numbers of the field come from the analysis; this only places them. */
import type { ReceptiveField } from "../generated/types";

/** A rectangle of whole pixels; parts of it may lie outside the image. */
export interface Patch {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** An output value's place, from 0. */
export type Position = readonly [row: number, column: number];

export interface Extent {
  height: number;
  width: number;
}

/** Rows and columns of an output; 1 by 1 for a vector, whose units all see the same. */
export const extentOf = (shape: readonly number[]): Extent => (shape.length === 3 ? { height: shape[1] ?? 1, width: shape[2] ?? 1 } : { height: 1, width: 1 });

/** The middle output value: the one whose effective field the worker measures. */
export const middleOf = ({ height, width }: Extent): Position => [Math.floor(height / 2), Math.floor(width / 2)];

/** The pixels that the output value at a position sees: rows offset + i·stride ± (size − 1)/2. */
export function patchAt({ size, stride, offset }: ReceptiveField, [row, column]: Position): Patch {
  return {
    top: offset[0] + row * stride[0] - (size[0] - 1) / 2,
    left: offset[1] + column * stride[1] - (size[1] - 1) / 2,
    height: size[0],
    width: size[1],
  };
}

/** A patch of this many rows and columns around the same middle. */
export function around({ top, left, height, width }: Patch, [rows, columns]: readonly [number, number]): Patch {
  return { top: top + (height - rows) / 2, left: left + (width - columns) / 2, height: rows, width: columns };
}

export const covers = (patch: Patch, image: Extent): boolean =>
  patch.top <= 0 && patch.left <= 0 && patch.top + patch.height >= image.height && patch.left + patch.width >= image.width;

export const leaves = (patch: Patch, image: Extent): boolean =>
  patch.top < 0 || patch.left < 0 || patch.top + patch.height > image.height || patch.left + patch.width > image.width;

/** How far fields of this output reach beyond the image, at most, in pixels: 0 where all lie inside. */
export function overhang(field: ReceptiveField, output: Extent, image: Extent): number {
  const first = patchAt(field, [0, 0]);
  const last = patchAt(field, [output.height - 1, output.width - 1]);
  return Math.max(0, -first.top, -first.left, last.top + last.height - image.height, last.left + last.width - image.width);
}

/** The output value whose field's middle is nearest to a point of the image (pixel 0 spans 0 to 1). */
export function positionNear(field: ReceptiveField, output: Extent, y: number, x: number): Position {
  const near = (at: number, axis: 0 | 1, count: number) => clamp(Math.round((at - 0.5 - field.offset[axis]) / field.stride[axis]), count);
  return [near(y, 0, output.height), near(x, 1, output.width)];
}

/** The next output value, to show how far fields lie apart: right of it or below, else left or above; null where it is alone. */
export function neighbour([row, column]: Position, { height, width }: Extent): Position | null {
  if (width > 1) return [row, column + 1 < width ? column + 1 : column - 1];
  if (height > 1) return [row + 1 < height ? row + 1 : row - 1, column];
  return null;
}

/** Where an arrow key leads; Home and End go to the first and the last value. Null for other keys. */
export function step([row, column]: Position, key: string, { height, width }: Extent): Position | null {
  switch (key) {
    case "ArrowUp":
      return [clamp(row - 1, height), column];
    case "ArrowDown":
      return [clamp(row + 1, height), column];
    case "ArrowLeft":
      return [row, clamp(column - 1, width)];
    case "ArrowRight":
      return [row, clamp(column + 1, width)];
    case "Home":
      return [0, 0];
    case "End":
      return [height - 1, width - 1];
    default:
      return null;
  }
}

const clamp = (value: number, count: number): number => Math.max(0, Math.min(count - 1, value));

/** "rows −2 to 2 and columns 10 to 23" */
export function patchWords({ top, left, height, width }: Patch): string {
  return `${span("row", top, height)} and ${span("column", left, width)}`;
}

const span = (name: string, from: number, count: number): string => (count > 1 ? `${name}s ${signed(from)} to ${signed(from + count - 1)}` : `${name} ${signed(from)}`);

/** With a true minus. */
export const signed = (value: number): string => String(value).replace("-", "−");

/** "14×14", rows first. */
export const sizeWords = ([rows, columns]: readonly [number, number]): string => `${rows}×${columns}`;
