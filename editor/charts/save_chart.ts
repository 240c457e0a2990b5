/** A drawing of the page as a file: SVG with its colours written in, PNG at twice its size; and a table as text. actions/handing saves them. */
import { colour } from "./theme";

/** What of a style sheet a drawing carries along. */
const KEPT = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "font-style", "paint-order"];
const PNG_SCALE = 2;

/** Marks for the pointer, which a file has not. */
const LEFT_OUT = ".plane-hit, .plane-ring, .plane-cross";

const SPACE = "http://www.w3.org/2000/svg";

function withStyles(from: Element, to: Element): void {
  const pairs = [from, to].map((root) => [root, ...root.querySelectorAll("*")]) as [Element[], Element[]];
  pairs[0].forEach((element, index) => {
    const style = getComputedStyle(element);
    pairs[1][index]?.setAttribute("style", KEPT.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";"));
  });
}

function made(name: string, values: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SPACE, name);
  for (const [attribute, value] of Object.entries(values)) element.setAttribute(attribute, String(value));
  return element;
}

/** Free ground around a saved drawing, px. */
const AROUND = 16;

/** The drawing as a document of its own, on the ground it stands on, with what stands in its key under it, and the fonts it is set in. */
export async function svgText(svg: SVGSVGElement, key: HTMLElement | null = null): Promise<string> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  withStyles(svg, copy);
  for (const element of copy.querySelectorAll(LEFT_OUT)) element.remove();
  for (const link of copy.querySelectorAll("a")) link.setAttribute("href", new URL(link.getAttribute("href") ?? "", document.baseURI).href);
  const [width, height] = [svg.clientWidth, svg.clientHeight];
  const foot = key ? keyOf(key, height) : null;
  const tall = height + (key?.offsetHeight ?? 0);
  if (foot) copy.append(foot);
  const size = { width: width + 2 * AROUND, height: tall + 2 * AROUND };
  copy.prepend(made("rect", { x: -AROUND, y: -AROUND, ...size, fill: colour("surface") }));
  copy.prepend(Object.assign(made("style", {}), { textContent: await facesOf(copy) }));
  for (const [attribute, value] of Object.entries({ xmlns: SPACE, ...size, viewBox: `${-AROUND} ${-AROUND} ${size.width} ${size.height}` })) copy.setAttribute(attribute, String(value));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

/** The page's own fonts that the drawing's words are set in, as rules that carry the font along; a font that cannot be had is left out. */
async function facesOf(drawing: SVGElement): Promise<string> {
  const styles = [...drawing.querySelectorAll("text, tspan")].map((words) => words.getAttribute("style") ?? "");
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule instanceof CSSFontFaceRule);
  const used = rules.filter(({ style }) => {
    const [family, slant, weight, range] = ["font-family", "font-style", "font-weight", "unicode-range"].map((name) => style.getPropertyValue(name)) as [string, string, string, string];
    const plain = /U\+0+-/i.test(range) || range === "";
    const fits = (text: string) => text.includes(family.replaceAll(/["']/g, "")) && (slant === "italic") === text.includes("italic") && (weight.includes(" ") || text.includes(weight));
    return plain && styles.some(fits);
  });
  const faces = await Promise.all(used.map((rule) => carried(rule).catch(() => "")));
  return faces.join("\n");
}

async function carried({ style, parentStyleSheet }: CSSFontFaceRule): Promise<string> {
  const source = /url\(["']?([^"')]+)/.exec(style.getPropertyValue("src"))?.[1] ?? "";
  const response = await fetch(new URL(source, parentStyleSheet?.href ?? document.baseURI));
  const bytes = new Uint8Array(await response.arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCodePoint(byte);
  const rest = ["font-family", "font-style", "font-weight", "font-stretch"].map((name) => `${name}:${style.getPropertyValue(name) || "normal"}`).join(";");
  return `@font-face{${rest};src:url(data:font/woff2;base64,${btoa(binary)}) format("woff2")}`;
}

/** A key made of words and small drawings, each where it stands on the page. */
function keyOf(key: HTMLElement, top: number): SVGElement {
  const frame = key.getBoundingClientRect();
  const group = made("g", { transform: `translate(0 ${top})` });
  for (const drawing of key.querySelectorAll("svg")) {
    const box = drawing.getBoundingClientRect();
    const copy = drawing.cloneNode(true) as SVGElement;
    withStyles(drawing, copy);
    for (const [attribute, value] of Object.entries({ x: box.left - frame.left, y: box.top - frame.top })) copy.setAttribute(attribute, String(value));
    group.append(copy);
  }
  const walker = document.createTreeWalker(key, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const range = document.createRange();
    range.selectNode(node);
    const box = range.getBoundingClientRect();
    const style = getComputedStyle(node.parentElement as Element);
    const words = made("text", { x: box.left - frame.left, y: (box.top + box.bottom) / 2 - frame.top, dy: "0.34em" });
    words.setAttribute("style", `font:${style.font};fill:${style.color}`);
    words.textContent = node.textContent;
    group.append(words);
  }
  return group;
}

export async function pngOf(svg: SVGSVGElement, key: HTMLElement | null = null): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([await svgText(svg, key)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = PNG_SCALE * image.naturalWidth;
    canvas.height = PNG_SCALE * image.naturalHeight;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("The picture is too large for this browser."))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}

export type Cell = string | number | null;

/** RFC 4180; a text that a spreadsheet would run as a formula is kept a text. */
export function csvText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `${[head, ...rows].map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Cells parted by tabs, as spreadsheets take them from the clipboard. */
export function tabText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((cells) => cells.map((cell) => String(cell ?? "").replaceAll(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
}
