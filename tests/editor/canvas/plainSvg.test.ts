import { createElement } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { describe, expect, test } from "vitest";
import { FigureDrawing } from "../../../editor/canvas/FigureDrawing";
import { type Folding, turned } from "../../../editor/canvas/folding";
import { modelOf } from "../../../editor/canvas/model";
import { plainSvg } from "../../../editor/canvas/plainSvg";
import { analysed, blocks, residual } from "./deep";

const CLOSED: Folding = { stages: true, runs: true, turned: [] };
const PICTURE = { url: "data:image/png;base64,AAAA", part: [0, 0, 8, 8] as [number, number, number, number], full: [8, 8] as [number, number] };

/** A style sheet of two rules: everything is filled and stroked in one colour, hulls are half clear. */
const styleOf = (element: Element) => ({
  getPropertyValue: (name: string): string => {
    if (name === "fill") return element.classList.contains("hull") ? "half" : "color-mix(in oklab, red, blue)";
    if (name === "font-family") return '"Source Sans 3 Variable", sans-serif';
    return name === "stroke" ? "none" : "";
  },
});
const colour = (value: string) => ({ hex: "#123456", opacity: value === "half" ? 0.5 : 1 });

function drawn(folding: Folding): string {
  const network = residual(3, 8, 36, 3);
  const model = modelOf(network, analysed(network), blocks, { width: 900, height: 500 }, { folding });
  const place = document.createElement("div");
  const root = createRoot(place);
  flushSync(() => root.render(createElement(FigureDrawing, { model, title: "Deep <one>", words: "A network of 57 blocks.", picture: PICTURE })));
  const text = plainSvg(place.querySelector("svg")!, { styleOf, colour });
  root.unmount();
  return text;
}

describe("the drawing as a file", () => {
  const text = drawn(turned(CLOSED, "stage:Stage 1"));

  test("stands alone: no classes, no style sheet, no address outside itself", () => {
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg /);
    expect(text).not.toMatch(/class=|style=|data-[a-z]+=|var\(|color-mix|<script/);
    expect([...text.matchAll(/(?:href|src)="([^"]*)"/g)].map((found) => found[1])).toEqual([PICTURE.url]);
    expect([...text.matchAll(/url\(([^)]*)\)/g)].every((found) => found[1] === "#wire-head")).toBe(true);
  });

  test("is named and described", () => {
    expect(text).toContain("Deep &lt;one&gt;</title>");
    expect(text).toContain("A network of 57 blocks.</desc>");
    expect(text).toContain('role="img"');
  });

  test("says what the figure says: names, stages, what repeats, sums, shapes, hulls", () => {
    for (const words of ["Stage 1", "Stage 3", "residual ×36", "360 parameters", "3.60", "multiply-adds", "8×8", ">16<"]) expect(text).toContain(words);
    expect(text).toContain('fill-opacity="0.5"'); // the hull of the open stage
  });

  test("follows the folding", () => {
    const folded = drawn(CLOSED);
    expect(folded).not.toContain('fill-opacity="0.5"');
    expect(drawn({ stages: false, runs: false, turned: [] }).length).toBeGreaterThan(2 * folded.length);
  });

  test("colours are plain, fonts are named with what stands in for them", () => {
    expect(new Set([...text.matchAll(/fill="([^"]*)"/g)].map((found) => found[1]))).toEqual(new Set(["#123456"]));
    expect(text).toContain(`font-family="'Source Sans 3 Variable', sans-serif"`);
  });
});
