/** Layers' names where there is little room: the end of a name tells layers apart, so it is its middle that goes. */

/** Between a composite block's name and its layer's, as playground/plan.py writes it. */
const JOINT = " · ";
/** The size and letter of a convolution say more than its kind, which most layers share. */
const COMMON = /^Conv (?=\d)/;

/** From the whole name to its last part, each shorter: "Residual 2 · Conv 3×3 a", "Residual 2 · 3×3 a", "Res. 2 · 3×3 a", "2 · 3×3 a", "3×3 a". */
export function shorterNames(name: string): string[] {
  const joint = name.lastIndexOf(JOINT);
  if (joint < 0) return [name];
  const group = name.slice(0, joint);
  const end = name.slice(joint + JOINT.length).replace(COMMON, "");
  const number = /\d+$/.exec(group)?.[0] ?? "";
  const word = group.slice(0, group.length - number.length).trim();
  const brief = word.length > 4 ? `${word.slice(0, 3)}. ${number}`.trim() : group;
  const groups = [group, brief, number || brief];
  return [name, ...groups.map((one) => `${one}${JOINT}${end}`), end];
}

/** The longest form of a layer's name within a width; past that, the words cut with an ellipsis. */
export function fittedName(ctx: CanvasRenderingContext2D, name: string, width: number): string {
  const known = shorterNames(name);
  const forms = known.length > 1 ? known : [name, name.replace(COMMON, "")];
  return forms.find((form) => ctx.measureText(form).width <= width) ?? fitted(ctx, forms.at(-1) as string, width);
}

/** All the names in one form, the longest in which every one fits, so that a list reads evenly; plain names stay as they are. */
export function fittedNames(ctx: CanvasRenderingContext2D, names: readonly string[], width: number): string[] {
  const forms = names.map(shorterNames);
  const most = Math.max(1, ...forms.map((one) => one.length));
  for (let form = 0; form < most; form += 1) {
    const tried = forms.map((one) => one[Math.min(form, one.length - 1)] as string);
    const grouped = tried.filter((_, index) => (forms[index] as string[]).length > 1);
    if (grouped.every((text) => ctx.measureText(text).width <= width)) return tried.map((text) => fitted(ctx, text, width));
  }
  return forms.map((one) => fitted(ctx, one.at(-1) as string, width));
}

/** The words, shortened with an ellipsis to a width. */
export function fitted(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let kept = text;
  while (kept.length > 1 && ctx.measureText(`${kept}…`).width > width) kept = kept.slice(0, -1);
  return `${kept}…`;
}
