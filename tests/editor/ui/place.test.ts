import { expect, test } from "vitest";
import { beside } from "../../../editor/ui/place";

const view = { width: 1000, height: 600 };
const box = { width: 200, height: 100 };

test("a box opens below its anchor, at the asked edge", () => {
  const anchor = { left: 400, top: 100, right: 440, bottom: 130 };
  expect(beside(anchor, box, view)).toEqual({ left: 400, top: 136 });
  expect(beside(anchor, box, view, "end")).toEqual({ left: 240, top: 136 });
  expect(beside(anchor, box, view, "middle")).toEqual({ left: 320, top: 136 });
});

test("without room below it opens above", () => {
  expect(beside({ left: 400, top: 540, right: 440, bottom: 570 }, box, view).top).toBe(434);
});

test("it stays in the window", () => {
  expect(beside({ left: 970, top: 10, right: 990, bottom: 30 }, box, view).left).toBe(792);
  expect(beside({ left: 2, top: 10, right: 20, bottom: 30 }, box, view, "end").left).toBe(8);
});
