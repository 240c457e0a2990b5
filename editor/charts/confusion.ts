/** Rows true, columns said: shares of the row in percent, or the mistakes alone with their counts. */
import { fitted } from "./names";
import { inkOn, rampCss } from "./ramp";
import { colour, figures, words } from "./theme";

/** Share of the row from which on its percentage is written. */
const LEAST_NUMBER = 0.08;

/** Share of each row, [true][said] as one array; a class without images is all zeros. */
export function rowShares(confusion: Int32Array, classes: number): Float32Array {
  const shares = new Float32Array(classes * classes);
  for (let row = 0; row < classes; row += 1) {
    let sum = 0;
    for (let at = 0; at < classes; at += 1) sum += confusion[row * classes + at] as number;
    if (sum === 0) continue;
    for (let at = 0; at < classes; at += 1) shares[row * classes + at] = (confusion[row * classes + at] as number) / sum;
  }
  return shares;
}

export interface ConfusionArea {
  left: number;
  bottom: number;
  cellWidth: number;
  cellHeight: number;
}

export function confusionArea(width: number, height: number, names: string[]): ConfusionArea {
  const longest = Math.max(1, ...names.map((name) => name.length));
  const left = Math.min(56, 12 + 6 * longest);
  const bottom = 18;
  return { left, bottom, cellWidth: (width - left) / names.length, cellHeight: (height - bottom) / names.length };
}

export interface ConfusionPicture {
  /** Of rowShares. */
  shares: Float32Array;
  counts: Int32Array;
  /** Colours reach to the largest share off the diagonal, which stays pale: where nearly all is right, the rest is seen. */
  errors: boolean;
}

export function paintConfusion(ctx: CanvasRenderingContext2D, width: number, height: number, names: string[], { shares, counts, errors }: ConfusionPicture): void {
  const { left, cellWidth, cellHeight } = confusionArea(width, height, names);
  const count = names.length;
  const gap = Math.min(cellWidth, cellHeight) > 6 ? 1 : 0;
  const most = errors ? largestMistake(shares, count) : 1;
  for (let row = 0; row < count; row += 1) {
    for (let at = 0; at < count; at += 1) {
      const share = shares[row * count + at] ?? 0;
      const right = errors && row === at;
      const t = (share / most) ** 0.75;
      ctx.fillStyle = right ? colour("sunken") : rampCss(t);
      ctx.fillRect(left + at * cellWidth, row * cellHeight, cellWidth - gap, cellHeight - gap);
      const text = cellText(share, counts[row * count + at] ?? 0, errors && !right);
      if (text === "" || cellHeight < 11 || cellWidth < 16) continue;
      ctx.fillStyle = right ? colour("ink-3") : inkOn(t);
      ctx.font = figures(Math.min(11, cellHeight - 2), 500);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(text, left + (at + 0.5) * cellWidth, (row + 0.5) * cellHeight, cellWidth - gap);
    }
  }
  paintClassNames(ctx, width, height, names);
}

/** The count of a mistake, else the percentage of the row where it is worth writing. */
function cellText(share: number, count: number, mistake: boolean): string {
  if (mistake) return count > 0 ? String(count) : "";
  return share < LEAST_NUMBER ? "" : String(Math.round(100 * share));
}

/** The largest share off the diagonal; 1 where there is none, so that nothing is coloured. */
export function largestMistake(shares: Float32Array, classes: number): number {
  let most = 0;
  for (let at = 0; at < classes * classes; at += 1) if (at % (classes + 1) !== 0) most = Math.max(most, shares[at] ?? 0);
  return most || 1;
}

function paintClassNames(ctx: CanvasRenderingContext2D, width: number, height: number, names: string[]): void {
  const { left, cellWidth, cellHeight } = confusionArea(width, height, names);
  const every = Math.max(1, Math.ceil(11 / cellHeight));
  ctx.font = words(11);
  ctx.fillStyle = colour("ink-2");
  ctx.textBaseline = "middle";
  names.forEach((name, index) => {
    if (index % every !== 0) return;
    ctx.textAlign = "right";
    ctx.fillText(fitted(ctx, name, left - 6), left - 6, (index + 0.5) * cellHeight);
    ctx.textAlign = "center";
    ctx.fillText(cellWidth > 34 ? name : name.slice(0, 3), left + (index + 0.5) * cellWidth, height - 8, cellWidth - 4);
  });
}
