/** Many curves over one axis, drawn by hand: bands of what was measured, lines with dashes, letters at their ends, a hairline. */
import { bandOf } from "../../charts/band";
import { extent, logTicks, niceTicks, pushApart } from "../../charts/scale";
import { colour, figures, words } from "../../charts/theme";
import type { Rows } from "./curves";
import { valueAt } from "./curves";
import type { Look } from "./series";

export interface OverlayLine extends Look {
  letter: string;
  rows: Rows;
  /** As measured, where the line is smoothed. */
  raw: Rows | null;
  /** Of the training batches, where the held-out line stands before it. */
  faint: boolean;
}

export interface OverlayPicture {
  title: string;
  range: [number, number];
  lines: readonly OverlayLine[];
  log: boolean;
  /** Where the pointer stands, else the end. */
  at: number | null;
  say: (value: number) => string;
  tick: (value: number) => string;
  across: (value: number) => string;
  fit: (low: number, high: number, log: boolean) => [number, number];
  /** Without the axis below, where another chart stands under it. */
  bare: boolean;
}

export const LEFT = 44;
export const RIGHT = 74;
const TOP = 20;
const GAP = 12;
const BAND = 0.16;
const CROWDED_BAND = 0.07;
const CROWD = 6;

interface Area {
  left: number;
  top: number;
  wide: number;
  tall: number;
  x: (value: number) => number;
  y: (value: number) => number;
}

export function paintOverlay(ctx: CanvasRenderingContext2D, width: number, height: number, picture: OverlayPicture): void {
  const { range, lines, log } = picture;
  const bottom = picture.bare ? 6 : 20;
  const [low, high] = valueRange(picture);
  const [wide, tall] = [Math.max(1, width - LEFT - RIGHT), Math.max(1, height - TOP - bottom)];
  const scale = log ? Math.log10 : (value: number) => value;
  const [from, to] = [scale(low), scale(high)];
  const area: Area = {
    left: LEFT,
    top: TOP,
    wide,
    tall,
    x: (value) => LEFT + ((value - range[0]) / (range[1] - range[0] || 1)) * wide,
    y: (value) => TOP + tall - ((scale(value) - from) / (to - from || 1)) * tall,
  };
  axes(ctx, area, picture, low, high);
  ctx.save();
  ctx.beginPath();
  ctx.rect(area.left, area.top - 2, wide, tall + 4);
  ctx.clip();
  ctx.lineJoin = "round";
  for (const line of lines) if (line.raw) band(ctx, area, line, picture, lines.length > CROWD ? CROWDED_BAND : BAND);
  for (const line of lines.toReversed()) curve(ctx, area, line, log); // the first stands over the others
  ctx.restore();
  if (picture.at !== null) hairline(ctx, area, picture);
  ends(ctx, area, picture, low, high);
  ctx.font = words();
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.fillStyle = colour("ink-2");
  ctx.fillText(picture.title, area.left, 2);
}

/** The value axis for what is visible. */
function valueRange({ lines, range, log, fit }: OverlayPicture): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { rows } of lines) {
    const found = extent(rows.xs, rows.values, range[0], range[1], log);
    if (!found) continue;
    low = Math.min(low, found[0]);
    high = Math.max(high, found[1]);
  }
  if (low > high) [low, high] = log ? [1e-3, 1] : [0, 1];
  return fit(low, high, log);
}

function axes(ctx: CanvasRenderingContext2D, area: Area, { range, log, tick, across, bare }: OverlayPicture, low: number, high: number): void {
  const rows = Math.max(2, Math.min(5, Math.floor(area.tall / 34)));
  ctx.lineWidth = 1;
  ctx.font = figures();
  ctx.textBaseline = "middle";
  ctx.textAlign = "right";
  for (const value of log ? logTicks(low, high, rows) : niceTicks(low, high, rows)) {
    const y = Math.round(area.y(value)) + 0.5;
    ctx.strokeStyle = colour("rule");
    stroke(ctx, area.left, y, area.left + area.wide, y);
    ctx.fillStyle = colour("ink-3");
    ctx.fillText(tick(value), area.left - 6, y);
  }
  ctx.strokeStyle = colour("rule-2");
  const base = Math.round(area.top + area.tall) + 0.5;
  stroke(ctx, area.left, base, area.left + area.wide, base);
  if (bare) return;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = colour("ink-3");
  for (const value of niceTicks(range[0], range[1], Math.max(2, Math.floor(area.wide / 72)))) ctx.fillText(across(value), area.x(value), base + 5);
}

/** The least and the most of what was measured, a part for each pixel. */
function band(ctx: CanvasRenderingContext2D, area: Area, line: OverlayLine, { range, log }: OverlayPicture, strength: number): void {
  const raw = line.raw as Rows;
  const { steps, low, high } = bandOf(raw.xs, raw.values, range, area.wide / 2, log);
  if (steps.length === 0) return;
  ctx.globalAlpha = strength;
  ctx.fillStyle = colour(line.token);
  ctx.beginPath();
  for (let at = 0; at < steps.length; at += 1) ctx.lineTo(area.x(steps[at] as number), area.y(high[at] as number));
  for (let at = steps.length - 1; at >= 0; at -= 1) ctx.lineTo(area.x(steps[at] as number), area.y(low[at] as number));
  ctx.fill();
  ctx.globalAlpha = 1;
}

function curve(ctx: CanvasRenderingContext2D, area: Area, { rows, token, dash, faint }: OverlayLine, log: boolean): void {
  const { xs, values } = rows;
  ctx.strokeStyle = colour(token);
  ctx.globalAlpha = faint ? 0.5 : 1;
  ctx.lineWidth = faint ? 1 : 1.75;
  ctx.setLineDash(dash);
  ctx.beginPath();
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    ctx.lineTo(area.x(xs[at] as number), area.y(value));
  }
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

function hairline(ctx: CanvasRenderingContext2D, area: Area, { at, across, bare, lines, log }: OverlayPicture): void {
  const x = area.x(at as number);
  if (x < area.left || x > area.left + area.wide) return;
  ctx.strokeStyle = colour("accent");
  ctx.lineWidth = 1;
  stroke(ctx, x, area.top, x, area.top + area.tall);
  for (const line of lines) {
    const value = valueAt(line.rows, at as number);
    if (line.faint || !Number.isFinite(value) || (log && value <= 0)) continue;
    ctx.beginPath();
    ctx.arc(x, area.y(value), 3, 0, 2 * Math.PI);
    ctx.fillStyle = colour(line.token);
    ctx.fill();
    ctx.strokeStyle = colour("surface");
    ctx.stroke();
  }
  if (bare) return;
  const text = across(at as number);
  ctx.font = figures(10.5, 600);
  const wide = ctx.measureText(text).width + 8;
  ctx.fillStyle = colour("accent");
  ctx.fillRect(x - wide / 2, area.top + area.tall + 3, wide, 15);
  ctx.fillStyle = colour("accent-ink");
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillText(text, x, area.top + area.tall + 5);
}

/** Letters and values where the lines end, or where the hairline crosses them; in a crowd as many as there is room for. */
function ends(ctx: CanvasRenderingContext2D, area: Area, { lines, at, say, range, log }: OverlayPicture, low: number, high: number): void {
  const named = lines.flatMap((line) => {
    const value = valueAt(line.rows, at ?? range[1]);
    return line.faint || !Number.isFinite(value) || (log && value <= 0) ? [] : [{ line, value, y: area.y(Math.max(low, Math.min(high, value))) }];
  });
  const room = Math.floor(area.tall / GAP) + 1;
  const shown = named.length > room ? spread(named.toSorted((a, b) => a.y - b.y), room) : named;
  const places = pushApart(shown.map(({ y }) => y), GAP, area.top, area.top + area.tall);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  shown.forEach(({ line, value }, index) => {
    ctx.font = words(11.5, 600);
    ctx.fillStyle = colour(line.token);
    ctx.fillText(`${line.letter} ${say(value)}`, area.left + area.wide + 6, places[index] as number);
  });
}

/** So many of them, the first and the last among them. */
function spread<T>(all: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => all[Math.round((index * (all.length - 1)) / Math.max(1, count - 1))] as T);
}

function stroke(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
