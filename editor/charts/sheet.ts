/** The numbers behind a chart, for its table, for the clipboard and for a file. */
import type { Cell } from "./save_chart";

export interface SheetColumn {
  head: string;
  /** The head in a narrow panel. */
  brief?: string;
  /** As the page writes the value; files have it as it is. */
  say: (value: number) => string;
}

export interface Sheet {
  /** What the rows are: "Loss and accuracy by step". */
  title: string;
  columns: SheetColumn[];
  rows: Cell[][];
}

export interface SheetSeries {
  steps: ArrayLike<number>;
  values: ArrayLike<number>;
}

/** A row for each step at which any of the series has a value: the step, then the value of each, null where it has none. */
export function joinedBySteps(series: readonly SheetSeries[]): Cell[][] {
  const rows: Cell[][] = [];
  const at = series.map(() => 0);
  for (;;) {
    let step = Number.POSITIVE_INFINITY;
    series.forEach((one, index) => {
      const own = at[index] as number;
      if (own < one.steps.length) step = Math.min(step, one.steps[own] as number);
    });
    if (step === Number.POSITIVE_INFINITY) return rows;
    const values = series.map((one, index): Cell => {
      const own = at[index] as number;
      if (own >= one.steps.length || one.steps[own] !== step) return null;
      at[index] = own + 1;
      const value = one.values[own] as number;
      return Number.isNaN(value) ? null : plainNumber(value);
    });
    if (values.some((value) => value !== null)) rows.push([step, ...values]);
  }
}

/** The shortest number that is the same float32: a file says 0.05 and not 0.05000000074505806. Others stay as they are. */
export function plainNumber(value: number): number {
  if (!Number.isFinite(value) || Math.fround(value) !== value) return value;
  for (let digits = 6; digits < 9; digits += 1) {
    const plain = Number(value.toPrecision(digits));
    if (Math.fround(plain) === value) return plain;
  }
  return Number(value.toPrecision(9));
}

/** At most `most` rows, evenly spread, the last one among them. */
export function sampled<Row>(rows: readonly Row[], most: number): Row[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, (_, index) => rows[Math.round(((index + 1) * rows.length) / most) - 1] as Row);
}

/** A cell as the page writes it. */
export function sayCell(cell: Cell, column: SheetColumn): string {
  if (cell === null) return "–";
  return typeof cell === "number" ? column.say(cell) : cell;
}

/** A file's name from words: "Loss and accuracy, run 3" is loss-and-accuracy-run-3. */
export const fileName = (words: string): string =>
  words
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-|-$/g, "") || "chart";
