import type { Piece } from "./drawing";
import { foldSums } from "./words";

/** How near the figure is seen. Far: slabs and the names of stages. Middle: names. Near: names, shapes and faces. */
export type Level = "far" | "middle" | "near";

/** Longer names stand in two lines. */
const ONE_LINE = 13;
const LETTER = 6.2; // px of an average letter of a name
const ITALIC = 6.6;
const SMALL = 5.6;
const LINE = 14;
/** Longer lines end in an ellipsis; as in figure.css. */
const WIDEST = 152;

/** A name as it stands under its slab: in two lines of about the same length where it is long. */
export function nameLines(name: string): string[] {
  if (name.length <= ONE_LINE) return [name];
  const gaps = [...name.matchAll(/ (?!×\d+$)/g)].map((found) => found.index);
  let best = [name];
  for (const gap of gaps) {
    const lines = [name.slice(0, gap), name.slice(gap + 1)];
    if (longest(lines) < longest(best)) best = lines;
  }
  return best;
}

const longest = (lines: readonly string[]): number => Math.max(0, ...lines.map((line) => line.length));

/** Room that the words under a slab take, px at full size. */
export function nameSize(piece: Piece, level: Level = "near"): { width: number; height: number } {
  if (piece.form === "point" || piece.form === "hull" || piece.label === "") return { width: 0, height: 0 };
  const { fold } = piece;
  if (fold?.kind !== "stage") {
    const lines = nameLines(piece.label);
    return { width: Math.min(WIDEST, longest(lines) * LETTER), height: lines.length * LINE + 4 };
  }
  const holds = level === "far" ? [] : nameLines(fold.holds);
  const sums = level === "near" ? foldSums(piece).split("\n") : [];
  return {
    width: Math.max(Math.min(WIDEST, piece.label.length * ITALIC), longest(holds) * LETTER, longest(sums) * SMALL),
    height: 17 + (holds.length + sums.length) * LINE + 4,
  };
}
