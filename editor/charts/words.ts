/** Numbers as the page writes them: comma for thousands, true minus, powers as 10 with a raised exponent. */

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const RAISED: Record<string, string> = {
  "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
};

export const NONE = "–";

const minus = (text: string): string => text.replace("-", "−");

export function whole(value: number): string {
  return Number.isFinite(value) ? minus(grouped.format(value)) : NONE;
}

/** Three figures at most: 2.31, 0.0841, 4.2×10⁻⁵, 1.5×10¹². */
export function short(value: number): string {
  if (Number.isNaN(value)) return "not a number";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "−infinite";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.001 || size >= 1e6) {
    const [digits, power] = value.toExponential(1).split("e");
    return minus(`${digits}×10${raised(Number(power))}`);
  }
  if (size >= 999.5) return whole(value);
  return minus(value.toPrecision(3));
}

export function raised(power: number): string {
  return Array.from(String(power), (character) => RAISED[character] ?? character).join("");
}

export const powerOfTen = (value: number): string => `10${raised(Math.round(Math.log10(value)))}`;

/** A value at an axis: 0.02, 150, 10⁶, 2×10⁶. */
export function tickWords(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 0.001 && size < 1e5) return minus(String(Number(value.toPrecision(3))));
  const [digits = "", power] = Number(value.toPrecision(2)).toExponential().split("e");
  const ten = `10${raised(Number(power))}`;
  return minus(digits === "1" ? ten : `${digits}×${ten}`);
}

export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)}%` : NONE;
}

/** The size of a file, or of room for one, as the site says it: "512 MB", below ten "3.4 MB", and of small files "90 kB". A MB is a million bytes. */
export function megabytes(bytes: number): string {
  if (bytes < 100_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  const digits = bytes < 10_000_000 ? 1 : 0;
  return `${(bytes / 1_000_000).toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits })} MB`;
}

/** 0:57, 12:05, 3 h 20 min. */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return NONE;
  const all = Math.max(0, Math.round(seconds));
  if (all >= 3600) return `${Math.floor(all / 3600)} h ${Math.floor((all % 3600) / 60)} min`;
  return `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}`;
}

/** log10 of a magnitude with one decimal, as on the heat strip. */
export function decade(magnitude: number): string {
  if (Number.isNaN(magnitude)) return NONE;
  if (magnitude === Number.POSITIVE_INFINITY) return "∞";
  return magnitude > 0 ? minus(Math.log10(magnitude).toFixed(1)) : "0";
}
