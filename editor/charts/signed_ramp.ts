/** The scale of values with a sign: zero meets the page, below it turns to rust, above it to blue; both leave the page alike. */
import { oklch, type Rgb } from "./ramp";
import { isDark } from "./theme";

const [BELOW, ABOVE] = [45, 250];

/** Colour of t in −1..1. */
export function signedColour(t: number, dark: boolean = isDark()): Rgb {
  const far = Math.min(1, Math.abs(t));
  const chroma = 0.012 + 0.12 * Math.sin((Math.PI / 2) * far);
  const hue = t < 0 ? BELOW : t > 0 ? ABOVE : dark ? 268 : 88;
  return dark ? oklch(0.24 + 0.6 * far, far === 0 ? 0.016 : chroma, hue) : oklch(0.955 - 0.53 * far, far === 0 ? 0.016 : chroma, hue);
}

/** One pixel for a Uint32Array over ImageData (little endian: alpha, blue, green, red). */
export function signedPixel(t: number, dark: boolean = isDark()): number {
  const at = Math.round(255 * Math.max(-1, Math.min(1, t)));
  let table = tables.get(dark);
  if (!table) {
    table = Uint32Array.from({ length: 511 }, (_, index) => {
      const [red, green, blue] = signedColour((index - 255) / 255, dark);
      return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    });
    tables.set(dark, table);
  }
  return table[at + 255] as number;
}

const tables = new Map<boolean, Uint32Array>();

/** The scale itself, for a legend, from the most below to the most above. */
export function signedGradient(dark: boolean = isDark()): string {
  const stops = Array.from({ length: 13 }, (_, index) => `rgb(${signedColour(index / 6 - 1, dark).join(" ")})`);
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}
