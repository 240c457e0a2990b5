// Which experiments the start page shows, and in which order.
import type { ExperimentCard } from "../../generated/types";

export type Order = "opened" | "name" | "result";

export const ORDERS: { value: Order; label: string }[] = [
  { value: "opened", label: "last opened" },
  { value: "name", label: "name" },
  { value: "result", label: "best result" },
];

const time = (iso: string | undefined) => (iso ? Date.parse(iso) || 0 : 0);

/** When something last happened to it, here or on the site; milliseconds since 1970. */
export const lastTouched = (card: ExperimentCard, opened: Record<string, number>) =>
  Math.max(opened[card.id] ?? 0, time(card.updated), time(card.latest?.created));

const result = (card: ExperimentCard) => card.latest?.test_accuracy ?? card.latest?.best_validation_accuracy ?? -1;

export function sorted(cards: readonly ExperimentCard[], order: Order, opened: Record<string, number>): ExperimentCard[] {
  const by: Record<Order, (a: ExperimentCard, b: ExperimentCard) => number> = {
    opened: (a, b) => lastTouched(b, opened) - lastTouched(a, opened),
    name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: "base" }),
    result: (a, b) => result(b) - result(a) || lastTouched(b, opened) - lastTouched(a, opened),
  };
  return [...cards].sort(by[order]);
}

/** Every word of the query is in the name, the data set or the state. */
export function matches(query: string, ...texts: (string | null | undefined)[]): boolean {
  const hay = texts.filter(Boolean).join(" ").toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/).every((word) => hay.includes(word));
}
