/** What is drawn beside the curves themselves: zones and bands behind them, flags, points and best values on them, names and values over them. */
import type uPlot from "uplot";
import { bandOf, rowAt } from "./band";
import type { Picture } from "./line_picture";
import { fittedName } from "./names";
import { pushApart } from "./scale";
import { colour, words } from "./theme";

/** Where and what: the plot with its axes, the canvas that is drawn on, and its pixels for one of the chart. */
export interface Plotted {
  plot: uPlot;
  ctx: CanvasRenderingContext2D;
  ratio: number;
  picture: Picture;
  /** Ends of the value axis. */
  values: [low: number, high: number];
}

const LABEL_GAP = 13;
/** Of what was measured, behind the smoothed line. */
const PALE = 0.2;
/** Rows of a line up to which each carries a mark. */
const MARKED = 40;

export function behindCurves(plotted: Plotted): void {
  zones(plotted);
  bands(plotted);
}

/** `title` stands at the top right; the flags are named where one chart of several says what they are. */
export function onCurves(plotted: Plotted, title: string, flagNames: boolean): void {
  const { plot, ctx, ratio } = plotted;
  const { bbox } = plot;
  ctx.save();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = colour("rule-2");
  ctx.lineWidth = ratio;
  line(ctx, bbox.left, bbox.top + bbox.height, bbox.left + bbox.width, bbox.top + bbox.height);
  flags(plotted, flagNames);
  points(plotted);
  ends(plotted);
  scaledFont(ctx, words(), ratio);
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  halo(ctx, title, bbox.left + bbox.width, bbox.top - 15 * ratio, "ink-2", ratio);
  ctx.restore();
}

/** What changes with the pointer. `right`: room for the words beside the plot, px. */
export function overCurves(plotted: Plotted, format: (value: number) => string, right: number): void {
  crossings(plotted);
  labels(plotted, format, right);
}

function zones({ plot, ctx, ratio, picture, values: [low, high] }: Plotted): void {
  const { bbox } = plot;
  for (const zone of picture.zones ?? []) {
    if (zone.to <= low || zone.from >= high) continue;
    const top = plot.valToPos(Math.min(zone.to, high), "y", true);
    const bottom = plot.valToPos(Math.max(zone.from, low), "y", true);
    ctx.fillStyle = colour("warn-wash");
    ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    if (bottom - top < 14 * ratio) continue;
    ctx.fillStyle = colour("warn");
    scaledFont(ctx, words(11), ratio);
    ctx.textAlign = "left";
    ctx.textBaseline = "bottom";
    ctx.fillText(fittedZone(ctx, zone.name, bbox.width - 10 * ratio), bbox.left + 5 * ratio, bottom - 3 * ratio);
  }
}

/** What was measured, pale behind the smoothed lines. */
function bands({ plot, ctx, ratio, picture: { lines, log, range } }: Plotted): void {
  const { bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.globalAlpha = PALE;
  ctx.setLineDash([]); // the last line's may still be set
  ctx.lineJoin = "round";
  ctx.lineWidth = ratio;
  for (const one of lines) {
    if (!one.raw) continue;
    const { steps, low, high } = bandOf(one.raw.steps, one.raw.values, range, bbox.width / ratio, log);
    if (steps.length === 0) continue;
    ctx.beginPath();
    for (let at = 0; at < steps.length; at += 1) ctx.lineTo(plot.valToPos(steps[at] as number, "x", true), plot.valToPos(high[at] as number, "y", true));
    for (let at = steps.length - 1; at >= 0; at -= 1) ctx.lineTo(plot.valToPos(steps[at] as number, "x", true), plot.valToPos(low[at] as number, "y", true));
    ctx.fillStyle = ctx.strokeStyle = colour(one.token);
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

/** Sparse lines carry a square at each row, so that a single one is seen. */
function points({ plot, ctx, ratio, picture, values: [low, high] }: Plotted): void {
  const [from, to] = picture.range;
  for (const one of picture.lines) {
    if (!one.marks || one.values.length > MARKED) continue;
    ctx.fillStyle = colour(one.token);
    for (let row = 0; row < one.values.length; row += 1) {
      const step = one.steps[row] as number;
      const value = one.values[row] as number;
      if (step < from || step > to || !(value >= low && value <= high)) continue;
      ctx.fillRect(plot.valToPos(step, "x", true) - 2.5 * ratio, plot.valToPos(value, "y", true) - 2.5 * ratio, 5 * ratio, 5 * ratio);
    }
  }
}

/** A dashed line with a pennant at its head; its name beside it where there is room. */
function flags({ plot, ctx, ratio, picture }: Plotted, named: boolean): void {
  const { bbox } = plot;
  const [from, to] = picture.range;
  scaledFont(ctx, words(10.5), ratio);
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  let taken = Number.NEGATIVE_INFINITY;
  for (const { step, name } of picture.flags.toSorted((a, b) => a.step - b.step)) {
    if (step < from || step > to) continue;
    const x = plot.valToPos(step, "x", true);
    ctx.strokeStyle = ctx.fillStyle = colour("warn-line");
    ctx.lineWidth = ratio;
    ctx.setLineDash([ratio, 3 * ratio]);
    line(ctx, x, bbox.top, x, bbox.top + bbox.height);
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x + 6 * ratio, bbox.top + 3 * ratio);
    ctx.lineTo(x, bbox.top + 6 * ratio);
    ctx.fill();
    const left = x + 8 * ratio;
    const wide = ctx.measureText(name).width;
    if (!named || left < taken || left + wide > bbox.left + bbox.width) continue;
    halo(ctx, name, left, bbox.top - 2 * ratio, "ink-3", ratio);
    taken = left + wide + 6 * ratio;
  }
}

/** A point where each named line ends, and its best. */
function ends(plotted: Plotted): void {
  const { plot, ctx, ratio, picture } = plotted;
  const { bbox } = plot;
  for (const one of picture.lines) {
    if (one.label === "" || one.values.length === 0) continue;
    spot(plotted, one.steps.at(-1) as number, one.values.at(-1) as number, one.token, { radius: 2.5 });
    const { best } = one;
    if (!best || !spot(plotted, best.step, best.value, one.token, { radius: 4, hollow: true })) continue;
    scaledFont(ctx, words(11, 600), ratio);
    const x = plot.valToPos(best.step, "x", true);
    const y = plot.valToPos(best.value, "y", true);
    const wide = ctx.measureText(best.name).width;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    const below = y - bbox.top < 18 * ratio;
    halo(ctx, best.name, Math.max(bbox.left + 2 * ratio, Math.min(x - wide / 2, bbox.left + bbox.width - wide)), y + (below ? 13 : -13) * ratio, one.token, ratio);
  }
}

/** Where the hairline crosses the named lines. */
function crossings(plotted: Plotted): void {
  const { lines, at } = plotted.picture;
  if (at === undefined || at === null) return;
  for (const one of lines) if (one.label !== "" && Number.isFinite(one.shown)) spot(plotted, at, one.shown as number, one.token, { radius: 3.5 });
}

/** A round mark; false where it would lie outside. */
function spot({ plot, ctx, ratio, picture: { range }, values: [low, high] }: Plotted, step: number, value: number, token: string, { radius, hollow = false }: { radius: number; hollow?: boolean }): boolean {
  if (step < range[0] || step > range[1] || !(value >= low && value <= high)) return false;
  ctx.beginPath();
  ctx.arc(plot.valToPos(step, "x", true), plot.valToPos(value, "y", true), radius * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = colour(hollow ? "surface" : token);
  ctx.fill();
  ctx.strokeStyle = colour(hollow ? token : "surface");
  ctx.lineWidth = (hollow ? 1.5 : 1) * ratio;
  ctx.stroke();
  return true;
}

/** Names and values where the lines end, 13 px apart. */
function labels({ plot, ctx, ratio, picture, values: [low, high] }: Plotted, format: (value: number) => string, right: number): void {
  const { bbox } = plot;
  const named = picture.lines.filter((one) => one.label !== "" && one.values.length > 0);
  const ends = named.map((one) => {
    const at = Number.isFinite(one.shown) ? (one.shown as number) : (one.values[Math.max(0, rowAt(one.steps, picture.range[1]))] as number);
    return plot.valToPos(Math.max(low, Math.min(high, at)), "y", true);
  });
  const places = pushApart(ends, LABEL_GAP * ratio, bbox.top + 4 * ratio, bbox.top + bbox.height - 4 * ratio);
  const screen = window.devicePixelRatio || 1;
  const gutter = right * screen - 8 * ratio;
  const beside = plot.valToPos(Math.min(picture.now, picture.range[1]), "x", true);
  const room = bbox.left + bbox.width - beside > gutter;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  scaledFont(ctx, words(11.5, 600), ratio);
  named.forEach((one, index) => {
    const said = Number.isFinite(one.shown) ? format(one.shown as number) : "";
    const value = said === "" ? "" : ` ${said}`;
    const x = (room ? beside : bbox.left + bbox.width) + 6 * ratio;
    const text = `${fittedName(ctx, one.label, gutter - ctx.measureText(value).width)}${value}`;
    // Long words reach back over the lines rather than out of the picture.
    halo(ctx, text, Math.min(x, plot.width * screen - ctx.measureText(text).width - 2 * ratio), places[index] as number, one.token, ratio);
  });
}

/** "vanishing: below 1/1000 of the last layers", "vanishing" where there is no room for why, nothing where there is none for that. */
function fittedZone(ctx: CanvasRenderingContext2D, name: string, width: number): string {
  return [name, name.split(":")[0] as string].find((words) => ctx.measureText(words).width <= width) ?? "";
}

const scaledFonts = new Map<string, string>();

function scaledFont(ctx: CanvasRenderingContext2D, font: string, ratio: number): void {
  const key = `${ratio} ${font}`;
  const known = scaledFonts.get(key) ?? font.replace(/([\d.]+)px/, (_, size: string) => `${Number(size) * ratio}px`);
  scaledFonts.set(key, known);
  ctx.font = known;
}

function line(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}

/** Words with the ground around them, so that they are read over lines. */
function halo(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, token: string, ratio: number): void {
  ctx.lineJoin = "round";
  ctx.lineWidth = 3 * ratio;
  ctx.strokeStyle = colour("surface");
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour(token);
  ctx.fillText(text, x, y);
}
