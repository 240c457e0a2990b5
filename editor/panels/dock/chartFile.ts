const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-style", "font-weight", "letter-spacing", "text-anchor", "opacity"];

/** The dock's chart as a file of its own: its two drawings side by side, with the colours of the page in place of its styles. */
export function chartSvg(plot: Element, ground: string): string {
  const parts = [...plot.querySelectorAll<SVGSVGElement>("svg")];
  let left = 0;
  const drawn = parts.map((part) => {
    const copy = part.cloneNode(true) as SVGSVGElement;
    const originals = part.querySelectorAll<SVGElement>("*");
    copy.querySelectorAll<SVGElement>("*").forEach((element, at) => {
      const original = originals[at];
      if (!original) return;
      const style = getComputedStyle(original);
      element.removeAttribute("class");
      for (const name of KEPT) if (style.getPropertyValue(name)) element.setAttribute(name, style.getPropertyValue(name));
    });
    const shifted = `<g transform="translate(${left} 0)">${[...copy.children].map((child) => new XMLSerializer().serializeToString(child)).join("")}</g>`;
    left += part.width.baseVal.value;
    return shifted;
  });
  const height = Math.max(0, ...parts.map((part) => part.height.baseVal.value));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left}" height="${height}" viewBox="0 0 ${left} ${height}"><rect width="100%" height="100%" fill="${ground}"/>${drawn.join("")}</svg>\n`;
}
