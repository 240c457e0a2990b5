import { describe, expect, test } from "vitest";
import type { RunCard } from "../../../editor/generated/types";
import { agoWords, isLive, percentDone, percentRight, resultWords, runName, stateWords } from "../../../editor/panels/runWords";

function run(given: Partial<RunCard>): RunCard {
  return { id: "r", number: 1, experiment: "e", name: "", state: "running", created: "", step: 0, total_steps: 1000, best_validation_accuracy: null, test_accuracy: null, reason: null, words: "", version: 1, batch: null, spark: [], ...given };
}

test("each state has its words", () => {
  expect(stateWords(run({ state: "queued" }))).toMatchObject({ text: "queued", moving: false });
  expect(stateWords(run({ state: "running", step: 470 }))).toMatchObject({ text: "training, 47%", tone: "live", moving: true });
  expect(stateWords(run({ state: "paused", step: 470 }))).toMatchObject({ text: "paused, 47%", tone: "warn" });
  expect(stateWords(run({ state: "failed", step: 1610 }))).toMatchObject({ text: "failed at step 1,610", tone: "bad" });
  expect(stateWords(run({ state: "finished", step: 1000 }))).toBeNull();
});

test("100% means every step, and the start is 0%", () => {
  expect(percentDone(run({ step: 999 }))).toBe("99%");
  expect(percentDone(run({ step: 1000 }))).toBe("100%");
  expect(percentDone(run({ total_steps: null }))).toBe("0%");
});

test("accuracy is never rounded up to all", () => {
  expect(percentRight(0.987)).toBe("98.7%");
  expect(percentRight(0.9999)).toBe("99.9%");
  expect(percentRight(1)).toBe("100.0%");
  expect(percentRight(0.29)).toBe("29.0%");
});

test("a run of a sweep is told by its settings, any other by its number", () => {
  expect(runName(run({ number: 3, name: "Net, rate 0.01", version: null, batch: "b" }), "Net")).toBe("Run 3, rate 0.01");
  expect(runName(run({ number: 3, name: "Net, Sigmoid", version: 2, batch: "b" }), "Net")).toBe("Run 3");
  expect(runName(run({ number: 3, name: "Old, rate 0.01", version: null, batch: "b" }), "Net")).toBe("Run 3");
});

test("the test result goes before the held-out one", () => {
  expect(resultWords(run({}))).toBeNull();
  expect(resultWords(run({ best_validation_accuracy: 0.91 }))?.text).toBe("91.0% right");
  expect(resultWords(run({ best_validation_accuracy: 0.91, test_accuracy: 0.9 }))?.text).toBe("90.0% right");
});

test("a run whose worker was lost goes on with another, as a paused one may; one that has ended does not", () => {
  const live = (["queued", "leased", "running", "paused", "lost", "finished", "failed", "stopped"] as const).filter((state) => isLive(run({ state })));
  expect(live).toEqual(["queued", "leased", "running", "paused", "lost"]);
});

describe("how long ago", () => {
  const now = Date.parse("2026-03-10T12:00:00Z");
  test.each([
    ["2026-03-10T11:59:40Z", "just now"],
    ["2026-03-10T11:48:00Z", "12 min ago"],
    ["2026-03-10T09:00:00Z", "3 h ago"],
    ["2026-03-09T11:00:00Z", "yesterday"],
    ["2026-03-01T12:00:00Z", "1 Mar"],
    ["nonsense", ""],
  ])("%s is %s", (iso, words) => expect(agoWords(iso, now)).toBe(words));
});

test("a run that a rule ended says which", () => {
  expect(stateWords(run({ state: "finished", reason: "early_stop", words: "Early stop: …" }))).toMatchObject({ text: "early stop", tone: "good" });
  expect(stateWords(run({ state: "finished", reason: "time", words: "Time limit: …" }))?.text).toBe("time limit");
  expect(stateWords(run({ state: "finished", reason: "completed" }))).toBeNull();
});
