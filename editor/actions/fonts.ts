/** The page's own fonts as a style sheet that carries them: a picture made from SVG sees no fonts of the page. */

const WANTED = /Newsreader|Source Sans|Plex Mono/;

/** Faces that the page has loaded for Latin letters and signs; empty where the style sheets cannot be read. */
export async function embeddedFonts(): Promise<string> {
  const rules = [...document.styleSheets].flatMap(fontFaces).filter((rule) => WANTED.test(rule.style.getPropertyValue("font-family")) && isLatin(rule));
  return (await Promise.all(rules.map(embedded))).join("");
}

function fontFaces(sheet: CSSStyleSheet): CSSFontFaceRule[] {
  try {
    return [...sheet.cssRules].filter((rule) => rule instanceof CSSFontFaceRule);
  } catch {
    return []; // a style sheet of somebody else's
  }
}

function isLatin(rule: CSSFontFaceRule): boolean {
  const range = rule.style.getPropertyValue("unicode-range");
  return range === "" || /U\+0{0,4}-0{0,2}FF/i.test(range);
}

async function embedded(rule: CSSFontFaceRule): Promise<string> {
  const [, address] = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue("src")) ?? [];
  if (!address) return "";
  try {
    const answer = await fetch(new URL(address, rule.parentStyleSheet?.href ?? document.baseURI));
    const data = await asAddress(await answer.blob());
    const named = ["font-family", "font-style", "font-weight"].map((name) => `${name}:${rule.style.getPropertyValue(name) || "normal"}`).join(";");
    return `@font-face{${named};src:url(${data})}`;
  } catch {
    return "";
  }
}

function asAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(new Error("The font could not be read.")));
    reader.readAsDataURL(blob);
  });
}
