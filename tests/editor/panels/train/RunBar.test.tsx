import { expect, test } from "vitest";
import { usesSpace } from "../../../../editor/panels/train/RunBar";

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
