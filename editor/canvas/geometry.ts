/** How large a block is drawn. Faces and thickness are on a square-root scale, so that area tells H × W and depth tells C. */

export interface Size {
  /** Front face, px. */
  w: number;
  h: number;
  /** How far the body leans back: across and up, px. */
  dx: number;
  dy: number;
  /** What it covers below its face too: a hull reaches further down than up. */
  foot?: number;
}

export interface Scale {
  /** Pixels for the square root of one image row. */
  face: number;
  /** Pixels for the square root of one channel. */
  depth: number;
}

const LARGEST_FACE = 60;
const LARGEST_DEPTH = 44;
const SMALLEST_FACE = 13;
/** Thickness of a thin network's slabs, so that three channels still look like a plate. */
const STEEPEST_DEPTH = 3.4;
/** Oblique projection: a step back goes this far across and up. */
export const ACROSS = 0.86;
export const UP = 0.5;

export const disc: Size = { w: 24, h: 24, dx: 0, dy: 0 };
export const tile: Size = { w: 28, h: 24, dx: 0, dy: 0 };
/** A block whose shape is not known. */
export const ghost: Size = { w: 38, h: 38, dx: 12, dy: 7 };
/** From one sheet of a folded slab to the next behind it. */
export const plate = { dx: 6, dy: 3.5 };
export const point: Size = { w: 0, h: 0, dx: 0, dy: 0 };

/** One scale for a figure, from the shapes in it: the widest image fills the largest face. */
export function scaleFor(shapes: Iterable<number[] | null | undefined>): Scale {
  let side = 1;
  let channels = 1;
  for (const shape of shapes) {
    if (shape?.length !== 3) continue;
    side = Math.max(side, shape[1] ?? 1, shape[2] ?? 1);
    channels = Math.max(channels, shape[0] ?? 1);
  }
  return {
    face: LARGEST_FACE / Math.sqrt(side),
    depth: Math.min(STEEPEST_DEPTH, LARGEST_DEPTH / Math.sqrt(channels)),
  };
}

/** The slab of an image [channels, height, width]. */
export function slabSize(shape: number[], scale: Scale): Size {
  const [channels = 1, height = 1, width = 1] = shape;
  const back = Math.max(3, scale.depth * Math.sqrt(channels));
  return {
    w: Math.max(SMALLEST_FACE, scale.face * Math.sqrt(width)),
    h: Math.max(SMALLEST_FACE, scale.face * Math.sqrt(height)),
    dx: back * ACROSS,
    dy: back * UP,
  };
}

/** The column of a vector of units: its height grows with the logarithm, for 10 and 4096 must share a page. */
export function columnSize(units: number, width = 14): Size {
  return { w: width, h: Math.round(Math.max(16, 38 + 4.85 * Math.log2(Math.max(1, units)))), dx: 0, dy: 0 };
}

/** Lines across the body: one for each 8 channels, at most 10. */
export const laminations = (channels: number): number => Math.max(1, Math.min(10, Math.round(channels / 8)));

/** Cells of a column: each unit up to 12, else 5 at either end of a gap. */
export const columnCells = (units: number): { cells: number; broken: boolean } =>
  units <= 12 ? { cells: Math.max(1, units), broken: false } : { cells: 11, broken: true };

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What a drawn block covers, its name left out; (x, y) is the left end of the face's middle line. */
export function boxAt(size: Size, x: number, y: number): Box {
  return { left: x, right: x + size.w + size.dx, top: y - size.h / 2 - size.dy, bottom: y + size.h / 2 + (size.foot ?? 0) };
}
