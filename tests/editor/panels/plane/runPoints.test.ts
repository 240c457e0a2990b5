import { expect, test } from "vitest";
import { datasetsOf, missingWords, runDots } from "../../../../editor/panels/plane/runPoints";
import { merged } from "../../../../editor/panels/plane/useRuns";
import { run, unmeasured } from "./fixtures";

test("a run that was measured is a dot that leads to it", () => {
  const [dot] = runDots([run("r1", { number: 3 })], "macs");
  expect(dot).toMatchObject({ id: "r1", name: "LeNet-5", after: "run 3", cost: 416_520, size: 61_706, error: 1, mark: "filled", href: "/e/e1/runs/r1" });
  expect(dot?.spoken).toBe("LeNet-5, run 3: 1.00% wrong of the test images; 416,520 multiply-adds, 61,706 parameters");
});

test("one measured on held-out images alone is drawn dashed and says so", () => {
  const [dot] = runDots([run("r1", { measured_on: "validation", test_accuracy: null, error: 2.5 })], "parameters");
  expect(dot).toMatchObject({ mark: "dashed", cost: 61_706, size: 416_520 });
  expect(dot?.spoken).toContain("2.50% wrong of the held-out images, at best");
});

test("runs without a measure or a count have no dot, and why is said", () => {
  const runs = [run("a"), run("b", { ...unmeasured, state: "running" }), run("c", { ...unmeasured, state: "queued" }), run("d", { ...unmeasured, state: "failed" }), run("e", { macs: null })];
  const dots = runDots(runs, "macs");
  expect(dots.map(({ id }) => id)).toEqual(["a"]);
  expect(missingWords(runs, dots.length)).toBe("2 are not measured yet, 2 ended before they were measured");
  expect(missingWords([run("a")], 1)).toBe("");
});

test("the newest run of each experiment comes before older ones", () => {
  const runs = [run("a2", { experiment: "a", number: 2 }), run("a1", { experiment: "a" }), run("b1", { experiment: "b" })];
  expect(runDots(runs, "macs").map(({ id }) => id)).toEqual(["a2", "b1", "a1"]);
});

test("runs are counted by data set, the newest one's first", () => {
  expect([...datasetsOf([run("a", { dataset: "digits" }), run("b"), run("c")])]).toEqual([["digits", 1], ["mnist", 2]]);
});

test("fresh runs of one data set take the place of the old ones, and gone ones go", () => {
  const before = [run("new", { created: "2026-03-01T00:00:00Z" }), run("other", { dataset: "digits", created: "2026-02-01T00:00:00Z" }), run("gone")];
  const found = [run("new", { created: "2026-03-01T00:00:00Z", error: 0.5 })];
  expect(merged(before, found, "mnist").map(({ id, error }) => [id, error])).toEqual([["new", 0.5], ["other", 1]]);
});
