/** How the figure writes shapes and numbers. */

/** Space over the wire, channels under it: ["26×26", "32"]; a vector has one line. */
export function shapeLines(shape: readonly number[] | null | undefined): string[] {
  if (!shape) return ["?"];
  if (shape.length === 1) return [String(shape[0])];
  return [shape.slice(1).join("×"), String(shape[0])];
}

/** As people say it, channels last: "26×26×32". */
export function shapeText(shape: readonly number[] | null | undefined): string {
  if (!shape) return "unknown";
  return shape.length === 1 ? String(shape[0]) : [...shape.slice(1), shape[0]].join("×");
}

const grouped = new Intl.NumberFormat("en-GB");
const THIN = "\u2009";

export const fullCount = (value: number): string => grouped.format(value);

/** Three figures at most: "960", "1.77 M", "26 k". */
export function shortCount(value: number): string {
  if (value < 1000) return String(value);
  const [size, unit] = value >= 999_500_000 ? [1e9, "G"] : value >= 999_500 ? [1e6, "M"] : [1e3, "k"];
  const scaled = value / size;
  return `${scaled.toFixed(scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2).replace(/\.0+$/, "")}${THIN}${unit}`;
}

/** What the blocks in a folded slab cost together, a line each. */
export const foldSums = ({ parameters, macs }: { parameters: number; macs: number }): string => [parameters > 0 && `${shortCount(parameters)} parameters`, macs > 0 && `${shortCount(macs)} multiply-adds`].filter(Boolean).join("\n");

/** What a network takes in memory, three figures: "960 B", "2.86 MB". Files are told in megabytes (charts/words). */
export function byteText(bytes: number): string {
  if (bytes < 1000) return `${bytes}${THIN}B`;
  return bytes < 1e6 ? `${threeFigures(bytes / 1e3)}${THIN}kB` : bytes < 1e9 ? `${threeFigures(bytes / 1e6)}${THIN}MB` : `${threeFigures(bytes / 1e9)}${THIN}GB`;
}

const threeFigures = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
