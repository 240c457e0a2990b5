import { expect, test } from "vitest";
import type { RunView } from "../../../../editor/generated/types";
import { usesSpace, whyNot } from "../../../../editor/panels/train/RunBar";

test.each([
  ["<details><summary>Why</summary></details>", "summary", true],
  ["<button><span>Fork</span></button>", "span", true],
  ["<input type=text>", "input", true],
  ["<input type=range>", "input", false],
  ["<p>Step 3</p>", "p", false],
])("in %s, %s uses the space bar itself: %s", (html, inner, uses) => {
  const box = document.createElement("div");
  box.innerHTML = html;
  expect(usesSpace(box.querySelector(inner))).toBe(uses);
});

test.each([
  [{ state: "queued", started: null }, /has not started/],
  [{ state: "queued", started: {} }, /waits for a worker/],
  [{ state: "lost", started: {} }, /lost its worker/],
  [{ state: "finished" }, /is over/],
  [{ state: "running" }, /^nothing$/],
])("what keeps the controls of %j from being used", (run, why) => {
  expect(whyNot({ mine: true, ...run } as unknown as RunView) ?? "nothing").toMatch(why);
});
