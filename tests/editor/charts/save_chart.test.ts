import { afterEach, describe, expect, it, vi } from "vitest";
import { csvText, svgText, tabText } from "../../../editor/charts/save_chart";

afterEach(() => {
  document.body.innerHTML = "";
});

describe("a table as text", () => {
  it("quotes what would break a line of CSV, and leaves empty what is not known", () => {
    expect(csvText(["Run", "Error, %"], [['LeNet "5", run 1', 0.96], ["two\nlines", null]])).toBe('Run,"Error, %"\r\n"LeNet ""5"", run 1",0.96\r\n"two\nlines",\r\n');
  });

  it("keeps names a spreadsheet would run as formulas as words, and numbers as numbers", () => {
    expect(csvText(["a"], [["=1+1"], ["-x"], [-3]])).toBe("a\r\n'=1+1\r\n'-x\r\n-3\r\n");
  });

  it("parts cells by tabs for the clipboard, one line a row", () => {
    expect(tabText(["a", "b"], [["x\ty", 1], ["two\nlines", null]])).toBe("a\tb\nx y\t1\ntwo lines\t");
  });
});

describe("a drawing as a file", () => {
  it("stands alone: it has its size, its ground, its colours and whole addresses, and no marks for the pointer", async () => {
    vi.stubGlobal("fetch", async () => new Response(new Uint8Array([1, 2])));
    document.body.innerHTML = '<svg width="200" height="100"><a href="/zoo/vgg-16"><circle class="plane-hit" r="12"/><circle class="plane-bubble" r="5" style="fill: red"/></a><text>VGG-16</text></svg>';
    const text = await svgText(document.querySelector("svg") as unknown as SVGSVGElement);
    const drawing = new DOMParser().parseFromString(text.replace(/^<\?xml[^>]*\?>\s*/, ""), "text/html").querySelector("svg") as SVGSVGElement;
    expect(text).toMatch(/^<\?xml/);
    expect(drawing.getAttribute("xmlns")).toBe("http://www.w3.org/2000/svg");
    expect(drawing.querySelector("rect")).not.toBeNull();
    expect(drawing.querySelector(".plane-hit")).toBeNull();
    expect(drawing.querySelector(".plane-bubble")?.getAttribute("style")).toContain("fill:red");
    expect(drawing.querySelector("a")?.getAttribute("href")).toMatch(/^https?:\/\/.*\/zoo\/vgg-16$|^about:|\/zoo\/vgg-16$/);
    expect(drawing.textContent).toContain("VGG-16");
  });
});
