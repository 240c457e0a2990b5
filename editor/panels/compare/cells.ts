/** What the table of a comparison says: cells, differences, order of the runs, and its text for files. */
import { duration, NONE, short, whole } from "../../charts/words";
import type { Cell, ComparedRow } from "../../generated/types";

export type Kind = ComparedRow["kind"];

/** A figure as people read it. */
export function valueWords(kind: Kind, { value, words }: Cell): string {
  if (value === null) return words || NONE;
  switch (kind) {
    case "percent":
      return `${value.toFixed(2)}%`;
    case "count":
      return whole(value);
    case "seconds":
      return value < 60 ? `${value.toFixed(1)} s` : duration(value);
    case "milliseconds":
      return `${value < 100 ? value.toPrecision(3) : whole(value)} ms`;
    default:
      return short(value);
  }
}

const signed = (text: string, value: number): string => (value < 0 ? `−${text}` : `+${text}`);

/** "−5.60 pt", "×296", "same"; empty where one of the two has no value. */
export function differenceWords(kind: Kind, first: Cell, other: Cell): string {
  if (kind === "words") return first.words === other.words ? "same" : "";
  if (first.value === null || other.value === null) return "";
  const less = other.value - first.value;
  const plain = signed(valueWords(kind, { value: Math.abs(less), words: null, step: null }), less);
  if (valueWords(kind, first) === valueWords(kind, other)) return "same";
  if (kind === "percent") return signed(`${Math.abs(less).toFixed(2)} pt`, less);
  if (kind === "magnitude" && first.value > 0 && other.value > 0) return `×${short(other.value / first.value)}`;
  return plain;
}

/** Whether the other is better, worse or neither. */
export function toneOf({ kind, better }: Pick<ComparedRow, "kind" | "better">, first: Cell, other: Cell): "good" | "bad" | null {
  if (better === "none" || first.value === null || other.value === null || valueWords(kind, first) === valueWords(kind, other)) return null;
  return other.value < first.value ? "good" : "bad";
}

/** Places of the runs in the order of a row; the first run stays first, those without a value come last. */
export function orderBy(row: ComparedRow | undefined, falls: boolean, places: readonly number[]): number[] {
  if (!row) return [...places];
  const [first, ...rest] = places;
  const key = (place: number) => row.cells[place] as Cell;
  const sorted = rest.toSorted((a, b) => {
    const [one, other] = [key(a), key(b)];
    if (one.value !== null && other.value !== null) return falls ? other.value - one.value : one.value - other.value;
    if (one.value !== null || other.value !== null) return one.value === null ? 1 : -1;
    const order = (one.words ?? "").localeCompare(other.words ?? "", "en", { numeric: true });
    return falls ? -order : order;
  });
  return first === undefined ? sorted : [first, ...sorted];
}

/** The place of the least value among those shown, where less is better and they are not alike. */
export function bestOf(row: ComparedRow, places: readonly number[]): number | null {
  if (row.better === "none" || places.length < 2) return null;
  const known = places.filter((place) => row.cells[place]?.value !== null);
  if (known.length < 2) return null;
  const value = (place: number) => row.cells[place]?.value as number;
  const best = known.reduce((least, place) => (value(place) < value(least) ? place : least));
  return known.every((place) => value(place) === value(best)) ? null : best;
}

/** GitHub's Markdown; a bar within a cell would end it. */
export function markdownText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return `${[line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n")}\n`;
}
