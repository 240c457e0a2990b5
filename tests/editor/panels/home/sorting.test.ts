import { expect, test } from "vitest";
import type { ExperimentCard } from "../../../../editor/generated/types";
import { matches, sorted } from "../../../../editor/panels/home/sorting";

function card(id: string, name: string, updated: string, accuracy: number | null = null): ExperimentCard {
  const latest = accuracy === null ? null : { id: `${id}r`, number: 1, experiment: id, name, state: "finished" as const, created: updated, step: 1, total_steps: 1, best_validation_accuracy: null, test_accuracy: accuracy, spark: [], reason: null, words: "", version: 1, batch: null };
  return { id, name, updated, network: {}, dataset: "mnist", runs: latest ? 1 : 0, latest, forks: 0 };
}

const cards = [card("a", "net 10", "2026-01-03T00:00:00Z", 0.9), card("b", "Net 9", "2026-01-02T00:00:00Z", 0.95), card("c", "other", "2026-01-01T00:00:00Z")];
const ids = (list: ExperimentCard[]) => list.map((one) => one.id).join("");

test("the last opened comes first, opened here or changed on the site", () => {
  expect(ids(sorted(cards, "opened", {}))).toBe("abc");
  expect(ids(sorted(cards, "opened", { c: Date.parse("2026-02-01T00:00:00Z") }))).toBe("cab");
});

test("names are sorted as people count", () => {
  expect(ids(sorted(cards, "name", {}))).toBe("bac");
});

test("the best result comes first, no result last", () => {
  expect(ids(sorted(cards, "result", {}))).toBe("bac");
});

test("every word of the query must be found, in any of the texts", () => {
  expect(matches("lenet mnist", "My LeNet", "mnist", null)).toBe(true);
  expect(matches("lenet shapes", "My LeNet", "mnist")).toBe(false);
  expect(matches("", "x")).toBe(true);
});
