/** Charts that can draw themselves once more, larger, for a file: a canvas of the screen would be blurred there. */

/** Draws at so many times its size. */
export type Sharp = (scale: number) => Promise<HTMLCanvasElement>;

const ways = new WeakMap<Element, Sharp>();

export function registerSharp(chart: Element, sharp: Sharp): void {
  ways.set(chart, sharp);
}

export const sharpOf = (chart: Element): Sharp | undefined => ways.get(chart);
