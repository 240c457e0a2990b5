/**
 * The data scale: one ramp in OKLCH, lightness strictly monotonic, hue turning 180 degrees from sand through green to blue.
 * Zero meets the page, much leaves it: light runs from .955 to .255, dark from .24 to .93.
 */
import { isDark } from "./theme";

export type Rgb = [red: number, green: number, blue: number];

const gamma = (value: number): number => {
  const inside = Math.max(0, Math.min(1, value));
  return Math.round(255 * (inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055));
};

/** OKLCH to sRGB bytes; matrices of Ottosson, A perceptual color space for image processing (2020). Hue in degrees. */
export function oklch(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Colour of t in 0..1. */
export function rampColour(t: number, dark: boolean = isDark()): Rgb {
  const at = Math.max(0, Math.min(1, t));
  const chroma = 0.016 + 0.115 * Math.sin(Math.PI * 0.9 * at);
  return dark ? oklch(0.24 + 0.69 * at, chroma, 268 - 180 * at) : oklch(0.955 - 0.7 * at, chroma, 88 + 180 * at);
}

const tables = new Map<boolean, Uint32Array>();

/** 256 pixels ready for a Uint32Array over ImageData (little endian: alpha, blue, green, red). */
export function rampTable(dark: boolean = isDark()): Uint32Array {
  const known = tables.get(dark);
  if (known) return known;
  const table = Uint32Array.from({ length: 256 }, (_, index) => {
    const [red, green, blue] = rampColour(index / 255, dark);
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
  tables.set(dark, table);
  return table;
}

export function rampCss(t: number, dark: boolean = isDark()): string {
  return `rgb(${rampColour(t, dark).join(" ")})`;
}

/** Whether dark or light words are read better on the colour of t. */
export function inkOn(t: number): string {
  const [red, green, blue] = rampColour(t);
  return 0.3 * red + 0.59 * green + 0.11 * blue > 128 ? "#14120f" : "#ffffff";
}

/** Gradients are coloured by log10 of their magnitude over these decades. */
export const GRADIENT_DECADES: [number, number] = [-6, 0];

/** 0 at 1e-6 and below, 1 at 1 and above. */
export function gradientShare(magnitude: number): number {
  const [low, high] = GRADIENT_DECADES;
  if (!(magnitude > 0)) return 0;
  return Math.max(0, Math.min(1, (Math.log10(magnitude) - low) / (high - low)));
}
