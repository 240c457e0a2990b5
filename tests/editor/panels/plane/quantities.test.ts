import { expect, test } from "vitest";
import { errorWords, marksOf, planeSummary, runError, shortCount } from "../../../../editor/panels/plane/quantities";
import { runDots } from "../../../../editor/panels/plane/runPoints";
import { run } from "./fixtures";

test("errors are written as papers give them, measured ones with figures in line", () => {
  expect([5.71, 18.2, 7.5, 28].map(errorWords)).toEqual(["5.71%", "18.2%", "7.5%", "28%"]);
  expect([0.3, 1.234, 88.6, 9.996, 0].map(runError)).toEqual(["0.30%", "1.23%", "88.6%", "10.0%", "0.00%"]);
});

test("a number and its unit stay in one line", () => {
  expect(shortCount(44_549_160)).toBe("44.5\u202fM");
});

test("marks go by how common a way is", () => {
  expect([...marksOf(["b", "a", "a"])]).toEqual([["a", "filled"], ["b", "hollow"]]);
});

test("the summary says how many, which errs least, and which to choose at a price", () => {
  const dots = runDots([run("a", { error: 2, macs: 100 }), run("b", { number: 2, error: 1, macs: 1000 })], "macs");
  expect(planeSummary(dots, dots, "Your runs", "multiply-adds")).toBe(
    "Your runs by error and multiply-adds: 2 dots. Fewest errors: LeNet-5 run 2, 1%. Best for their cost, the cheapest first: LeNet-5 run 1, LeNet-5 run 2. Arrow keys go from one to the next.",
  );
  expect(planeSummary([], [], "Your runs", "multiply-adds")).toBe("Your runs by error and multiply-adds: 0 dots.");
});
