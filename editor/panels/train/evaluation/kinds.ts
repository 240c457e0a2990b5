/** Kinds of mistakes, and the numbers of a class and of a cell of the confusion. */
import { percent, whole } from "../../../charts/words";
import type { Mistake } from "../../../generated/types";
import type { EvaluationView } from "../../../live/inside";

/** A true class and what it was said to be; null: whatever it was said to be. */
export interface Kind {
  truth: number;
  said: number | null;
}

export interface ClassAccuracy {
  index: number;
  right: number;
  images: number;
  /** Not a number where the class has no images. */
  accuracy: number;
}

/** The worst class first; those without images last. */
export function classAccuracies({ confusion, classes }: Pick<EvaluationView, "confusion" | "classes">): ClassAccuracy[] {
  const all = Array.from({ length: classes }, (_, index) => {
    const images = confusion.subarray(index * classes, (index + 1) * classes).reduce((sum, count) => sum + count, 0);
    const right = confusion[index * classes + index] ?? 0;
    return { index, right, images, accuracy: right / images };
  });
  const rank = ({ accuracy }: ClassAccuracy) => (Number.isNaN(accuracy) ? 2 : accuracy);
  return all.sort((one, other) => rank(one) - rank(other) || one.index - other.index);
}

/** How many mistakes of a kind there were. */
export function countOf({ confusion, classes }: Pick<EvaluationView, "confusion" | "classes">, kind: Kind): number {
  if (kind.said !== null) return kind.said === kind.truth ? 0 : (confusion[kind.truth * classes + kind.said] ?? 0);
  const row = confusion.subarray(kind.truth * classes, (kind.truth + 1) * classes);
  return row.reduce((sum, count, at) => (at === kind.truth ? sum : sum + count), 0);
}

export const isOf = (mistake: Pick<Mistake, "truth" | "said">, kind: Kind): boolean =>
  mistake.truth === kind.truth && (kind.said === null || mistake.said === kind.said);

/** A cell in words: "7 said to be 1: 12 of 512". */
export function cellWords({ confusion, classes }: Pick<EvaluationView, "confusion" | "classes">, names: readonly string[], truth: number, said: number): string {
  const row = confusion.subarray(truth * classes, (truth + 1) * classes);
  const sum = row.reduce((total, count) => total + count, 0);
  const count = row[said] ?? 0;
  const what = truth === said ? `${names[truth]} said rightly` : `${names[truth]} said to be ${names[said]}`;
  return `${what}: ${whole(count)} of ${whole(sum)}`;
}

export const kindWords = (kind: Kind, names: readonly string[]): string =>
  kind.said === null ? `${names[kind.truth]} said to be something else` : `${names[kind.truth]} said to be ${names[kind.said]}`;

/** "7, said 1, 93%" */
export const mistakeWords = (mistake: Mistake, names: readonly string[]): string =>
  `${names[mistake.truth] ?? mistake.truth}, said ${names[mistake.said] ?? mistake.said}, ${chance(mistake.said_probability)}`;

/** The same in the width of a small picture. */
export function shortChance(probability: number | null): string {
  if (probability === null) return "–";
  return probability > 0.995 ? ">99%" : percent(probability, 0);
}

/** A probability: whole percents, and more where it is close to none or to certain. */
export function chance(probability: number | null): string {
  if (probability === null) return "no number";
  if (probability === 0) return "0%";
  if (probability < 0.0001) return "under 0.01%";
  if (probability < 0.01) return percent(probability, 2);
  if (probability > 0.9999) return "over 99.99%";
  if (probability > 0.99) return percent(probability, 2);
  return percent(probability, 0);
}
