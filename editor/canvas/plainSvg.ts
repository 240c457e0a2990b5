/** A drawing that leans on the page's style sheet, made to stand alone: plain colours, fonts named, nothing fetched. */

const SVG = "http://www.w3.org/2000/svg";

/** Properties that the style sheet may set, and what need not be said. */
const PAINT: Record<string, string> = {
  fill: "",
  stroke: "none",
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
  opacity: "1",
  "paint-order": "normal",
  "image-rendering": "auto",
};
const TYPE: Record<string, string> = {
  "font-family": "",
  "font-size": "",
  "font-weight": "400",
  "font-style": "normal",
  "text-anchor": "start",
  "letter-spacing": "normal",
};
const COLOURS = new Set(["fill", "stroke"]);
const SHAPES = new Set(["path", "rect", "circle", "line", "image"]);

export interface Plainness {
  /** What the style sheet says of an element. */
  styleOf: (element: Element) => { getPropertyValue(name: string): string };
  /** Any colour of CSS as #rrggbb, and how opaque it is. */
  colour: (value: string) => { hex: string; opacity: number };
}

/** Write the styles in force on each element as attributes, and leave out what only the page needs. */
export function plainSvg(drawing: SVGSVGElement, { styleOf, colour }: Plainness): string {
  const elements = [drawing, ...drawing.querySelectorAll("*")];
  const styled = elements.map((element) => attributesOf(element, styleOf, colour));
  elements.forEach((element, index) => {
    for (const name of element.getAttributeNames()) if (name === "class" || name === "style" || name.startsWith("data-")) element.removeAttribute(name);
    for (const [name, value] of styled[index] ?? []) element.setAttribute(name, value);
  });
  for (const group of drawing.querySelectorAll("g:empty")) group.remove();
  drawing.setAttribute("xmlns", SVG);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(drawing)}\n`;
}

function attributesOf(element: Element, styleOf: Plainness["styleOf"], colour: Plainness["colour"]): [string, string][] {
  const tag = element.tagName.toLowerCase();
  const isText = tag === "text";
  if (!isText && !SHAPES.has(tag) && tag !== "g") return [];
  const style = styleOf(element);
  if (tag === "g") return common(style, ["opacity"], { opacity: "1" });
  const made = common(style, Object.keys(PAINT).filter((name) => !COLOURS.has(name)), PAINT);
  for (const name of COLOURS) {
    const value = style.getPropertyValue(name);
    if (value === "" || (value === "none" && name === "stroke")) continue;
    if (value === "none") made.push([name, "none"]);
    else {
      const { hex, opacity } = colour(value);
      made.push([name, hex]);
      if (opacity < 1) made.push([`${name}-opacity`, String(Math.round(opacity * 1000) / 1000)]);
    }
  }
  return isText ? [...made, ...common(style, Object.keys(TYPE), TYPE)] : made;
}

function common(style: ReturnType<Plainness["styleOf"]>, names: readonly string[], usual: Record<string, string>): [string, string][] {
  return names.flatMap((name) => {
    const value = style.getPropertyValue(name);
    return value === "" || value === usual[name] ? [] : [[name, value.replaceAll('"', "'")] as [string, string]];
  });
}
