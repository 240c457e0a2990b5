/** How values are spread, now and at the start, in bins whose edges are multiples of a power of two. */
import { colour, figures, words } from "./theme";
import { percent, short, whole } from "./words";

/** What a Histogram record says; see its definition in the protocol. */
export interface Bins {
  width: number;
  first: number;
  counts: ArrayLike<number>;
  below: number;
  above: number;
  zeros: number;
  not_finite: number;
  count: number;
  step: number;
  mean: number;
  deviation: number;
}

/** Bars over edges (first + i)·width, as shares of all values; zeros are told apart, as they would dwarf the rest. */
export interface Bars {
  width: number;
  first: number;
  shares: Float64Array;
}

/** The counts in bins of a larger width, which is `width` times a power of two: whole bins are added, nothing is spread. */
export function coarser(bins: Bins, width: number): Bars {
  const factor = Math.max(1, Math.round(width / bins.width));
  const first = Math.floor(bins.first / factor);
  const last = Math.floor((bins.first + bins.counts.length - 1) / factor);
  const shares = new Float64Array(Math.max(0, last - first + 1));
  const all = Math.max(1, bins.count);
  for (let index = 0; index < bins.counts.length; index += 1) {
    const at = bins.first + index;
    const counted = (bins.counts[index] as number) - (at === 0 ? bins.zeros : 0);
    const place = Math.floor(at / factor) - first;
    shares[place] = (shares[place] as number) + counted;
  }
  return { width: bins.width * factor, first, shares: shares.map((counted) => counted / all) };
}

/** Of how many times wider a start is not drawn: one of the two would be a single bar. */
const TOO_FAR = 16;

/** Both in the same bins; no start where there is none, or where it is of another size altogether. */
export function together(now: Bins, start: Bins | null): { now: Bars; start: Bars | null } {
  if (start && constant(now)) return { now: { width: start.width, first: Math.floor(now.mean / start.width), shares: Float64Array.of(1 - now.zeros / Math.max(1, now.count)) }, start: coarser(start, start.width) };
  const ratio = start ? start.width / now.width : 1;
  if (!start || constant(start) || ratio >= TOO_FAR || ratio <= 1 / TOO_FAR) return { now: coarser(now, now.width), start: null };
  const width = Math.max(now.width, start.width);
  return { now: coarser(now, width), start: coarser(start, width) };
}

const constant = ({ deviation }: Bins): boolean => deviation === 0;

/** What the bars do not show: "54% zero", "start 30× as wide". */
export function histogramWords(now: Bins, start: Bins | null): string[] {
  const said: string[] = [];
  const zeros = now.zeros / Math.max(1, now.count);
  if (zeros > 0) said.push(`${percent(zeros, zeros < 1 && (zeros > 0.995 || zeros < 0.01) ? 1 : 0)} zero`);
  if (now.not_finite > 0) said.push(`${short(now.not_finite)} not finite`);
  if (start && !constant(now) && !constant(start) && together(now, start).start === null) {
    const wider = start.width / now.width;
    said.push(wider > 1 ? `start ${whole(wider)}× as wide` : `${whole(1 / wider)}× the start`);
  }
  return said;
}

export interface HistogramPicture {
  title: string;
  now: Bins | null;
  start: Bins | null;
  /** In place of bars. */
  empty: string;
}

const TOP = 36;
const FOOT = 16;
const GAP = 14;

/** Beside each other, each with its own scale. */
export function paintHistograms(ctx: CanvasRenderingContext2D, width: number, height: number, pictures: readonly HistogramPicture[]): void {
  const wide = (width - GAP * (pictures.length - 1)) / Math.max(1, pictures.length);
  pictures.forEach((picture, index) => {
    ctx.save();
    ctx.translate(index * (wide + GAP), 0);
    paintOne(ctx, wide, height, picture);
    ctx.restore();
  });
}

function paintOne(ctx: CanvasRenderingContext2D, width: number, height: number, { title, now, start, empty }: HistogramPicture): void {
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.font = words(11.5, 600);
  ctx.fillStyle = colour("ink-2");
  ctx.fillText(title, 0, 8);
  const bottom = height - FOOT;
  ctx.strokeStyle = colour("rule-2");
  ctx.lineWidth = 1;
  stroke(ctx, [[0, bottom + 0.5], [width, bottom + 0.5]]);
  if (!now) {
    ctx.font = words(11.5);
    ctx.fillStyle = colour("ink-3");
    ctx.textAlign = "center";
    ctx.fillText(empty, width / 2, (TOP + bottom) / 2, width);
    return;
  }
  const bars = together(now, start);
  const ends = [bars.now, ...(bars.start ? [bars.start] : [])];
  const low = Math.min(...ends.map((one) => one.first * one.width));
  const high = Math.max(...ends.map((one) => (one.first + one.shares.length) * one.width));
  const most = Math.max(1e-12, ...ends.flatMap((one) => Array.from(one.shares)));
  const x = (value: number) => ((value - low) / (high - low || 1)) * width;
  const y = (share: number) => bottom - (share / most) * (bottom - TOP);
  ctx.fillStyle = colour("series-1");
  ctx.globalAlpha = 0.55;
  bars.now.shares.forEach((share, index) => {
    const [from, to] = [x((bars.now.first + index) * bars.now.width), x((bars.now.first + index + 1) * bars.now.width)];
    ctx.fillRect(from, y(share), Math.max(0.5, to - from - (to - from > 3 ? 0.5 : 0)), bottom - y(share));
  });
  ctx.globalAlpha = 1;
  if (bars.start) outline(ctx, bars.start, x, y, bottom);
  if (bars.start && start) {
    ctx.font = words(11);
    ctx.textAlign = "right";
    outlined(ctx, `at step ${whole(start.step)}`, width, TOP + 2, "series-2");
  }
  if (low < 0 && high > 0) {
    ctx.strokeStyle = colour("ink-3");
    ctx.setLineDash([1, 3]);
    stroke(ctx, [[x(0), TOP], [x(0), bottom]]);
    ctx.setLineDash([]);
  }
  paintWords(ctx, width, bottom, title, { low, high, zero: low < 0 && high > 0 ? x(0) : null }, now, start);
}

/** Words with the ground around them, so that they are read over bars. */
function outlined(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, token: string): void {
  ctx.lineWidth = 3;
  ctx.lineJoin = "round";
  ctx.strokeStyle = colour("surface");
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour(token);
  ctx.fillText(text, x, y);
}

function outline(ctx: CanvasRenderingContext2D, bars: Bars, x: (value: number) => number, y: (share: number) => number, bottom: number): void {
  const steps: [number, number][] = [[x(bars.first * bars.width), bottom]];
  bars.shares.forEach((share, index) => {
    steps.push([x((bars.first + index) * bars.width), y(share)], [x((bars.first + index + 1) * bars.width), y(share)]);
  });
  steps.push([x((bars.first + bars.shares.length) * bars.width), bottom]);
  ctx.strokeStyle = colour("series-2");
  ctx.lineWidth = 1.25;
  ctx.setLineDash([4, 2]);
  stroke(ctx, steps);
  ctx.setLineDash([]);
}

/** Beside and under the title, as many as fit: the mean first. */
function paintFacts(ctx: CanvasRenderingContext2D, width: number, title: string, now: Bins, start: Bins | null): void {
  ctx.font = words(11.5, 600);
  const beside = width - ctx.measureText(title).width - 10;
  ctx.font = words(11);
  ctx.fillStyle = colour("ink-3");
  ctx.textAlign = "left";
  let under = `${short(now.mean)} ± ${short(now.deviation)}`;
  let right = "";
  for (const fact of histogramWords(now, start)) {
    if (right === "" && ctx.measureText(fact).width <= beside) right = fact;
    else if (ctx.measureText(`${under}, ${fact}`).width <= width) under = `${under}, ${fact}`;
  }
  ctx.fillText(under, 0, 23);
  ctx.textAlign = "right";
  ctx.fillText(right, width, 8);
}

function paintWords(ctx: CanvasRenderingContext2D, width: number, bottom: number, title: string, ends: { low: number; high: number; zero: number | null }, now: Bins, start: Bins | null): void {
  paintFacts(ctx, width, title, now, start);
  ctx.font = figures(10.5);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  const [left, right] = [short(ends.low), short(ends.high)];
  ctx.fillText(left, 0, bottom + 4);
  ctx.textAlign = "right";
  ctx.fillText(right, width, bottom + 4);
  const room = ends.zero !== null && ends.zero - ctx.measureText(left).width > 10 && width - ends.zero - ctx.measureText(right).width > 10;
  ctx.textAlign = "center";
  if (room) ctx.fillText("0", ends.zero as number, bottom + 4);
  // Values outside the bins are counted, never left out in silence.
  if (now.below > 0) {
    ctx.textAlign = "left";
    outlined(ctx, `‹ ${whole(now.below)}`, 0, bottom - 13, "ink-3");
  }
  if (now.above > 0) {
    ctx.textAlign = "right";
    outlined(ctx, `${whole(now.above)} ›`, width, bottom - 13, "ink-3");
  }
}

function stroke(ctx: CanvasRenderingContext2D, points: readonly (readonly [number, number])[]): void {
  ctx.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.stroke();
}
