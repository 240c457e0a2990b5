import { shorterNames } from "../../charts/names";

const LETTER = 5.2; // px, the mean of the dock's small letters

/** A name in so many pixels: whole, else without what most blocks share, else cut. Empty where not even two letters fit. */
export function nameIn(name: string, width: number): string {
  const letters = Math.floor(width / LETTER);
  const forms = [name, ...shorterNames(name), name.replace(/^Conv (?=\d)/, "")];
  const fits = forms.find((form) => form.length <= letters);
  if (fits !== undefined) return fits;
  return letters < 2 ? "" : `${name.slice(0, letters - 1).trimEnd()}…`;
}
