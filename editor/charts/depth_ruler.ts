/** By depth, input first: the gradient that was measured, the slopes' own bound, and the zone where nothing is learnt. */
import { fittedNames } from "./names";
import { colour, figures, words } from "./theme";
import { powerOfTen } from "./words";

export interface RulerPoint {
  name: string;
  measured: number;
  bound: number;
  warned: boolean;
}

export interface RulerLook {
  /** Powers of ten at the foot and at the top. */
  decades: [low: number, high: number];
  /** Below this share the zone begins. */
  danger: number;
  dangerName: string;
  left: number;
  right: number;
  /** Layer under the pointer. */
  pointed: number | null;
}

const TOP = 18;
const FOOT = 18;
/** Names under the axis stand at least this far apart. */
const NAME_ROOM = 64;

/** Middle of a layer's place on the depth axis. */
export function placeOf(index: number, count: number, left: number, width: number): number {
  return left + ((index + 0.5) * width) / Math.max(1, count);
}

/** The layer at a place; null beside the axis. */
export function layerAt(x: number, count: number, left: number, width: number): number | null {
  const index = Math.floor(((x - left) / width) * count);
  return index >= 0 && index < count ? index : null;
}

export function paintDepthRuler(ctx: CanvasRenderingContext2D, width: number, height: number, points: readonly RulerPoint[], look: RulerLook): void {
  const { left, right, decades } = look;
  const [low, high] = decades;
  const wide = width - left - right;
  const bottom = height - FOOT;
  const y = (value: number) => TOP + ((high - Math.max(low, Math.min(high, Math.log10(Math.max(value, 1e-300))))) / (high - low)) * (bottom - TOP);
  const x = (index: number) => placeOf(index, points.length, left, wide);
  paintGrid(ctx, look, wide, y, bottom);
  if (look.pointed !== null) {
    ctx.strokeStyle = colour("accent");
    ctx.lineWidth = 1;
    line(ctx, [[x(look.pointed), TOP], [x(look.pointed), bottom]]);
  }
  const ends: { text: string; y: number; token: string }[] = [];
  const bounds = points.map(({ bound }, index): [number, number] => [x(index), y(bound)]).filter((_, index) => Number.isFinite(points[index]?.bound));
  if (bounds.length > 0) {
    ctx.setLineDash([5, 3]);
    ctx.lineWidth = 1.5;
    ctx.strokeStyle = colour("series-2");
    line(ctx, bounds);
    ctx.setLineDash([]);
    ends.push({ text: "slopes allow", y: bounds.at(-1)?.[1] ?? TOP, token: "series-2" });
  }
  const measured = points.map(({ measured: value }, index): [number, number] => [x(index), y(value)]).filter((_, index) => Number.isFinite(points[index]?.measured));
  if (measured.length > 0) {
    ctx.lineWidth = 2;
    ctx.strokeStyle = colour("series-1");
    line(ctx, measured);
    if (wide / points.length > 6) for (const [at, up] of measured) dot(ctx, at, up, colour("series-1"));
    ends.push({ text: "measured", y: measured.at(-1)?.[1] ?? TOP, token: "series-1" });
  }
  paintEnds(ctx, ends, left + wide + 6, bottom);
  paintNames(ctx, points, look, wide, bottom);
}

function paintGrid(ctx: CanvasRenderingContext2D, { decades: [low, high], danger, dangerName, left }: RulerLook, wide: number, y: (value: number) => number, bottom: number): void {
  ctx.fillStyle = colour("warn-wash");
  const top = y(danger);
  ctx.fillRect(left, top, wide, bottom - top);
  ctx.textBaseline = "middle";
  const stride = Math.max(1, Math.ceil((high - low) / Math.max(2, Math.floor((bottom - TOP) / 22))));
  for (let power = 0; power >= low; power -= stride) gridLine(ctx, power, left, wide, y);
  for (let power = stride; power <= high; power += stride) gridLine(ctx, power, left, wide, y);
  ctx.strokeStyle = colour("rule-2");
  line(ctx, [[left, bottom], [left + wide, bottom]]);
  if (bottom - top < 13) return;
  ctx.font = words(11);
  ctx.fillStyle = colour("warn");
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  ctx.fillText(dangerName, left + wide - 5, bottom - 2);
}

function gridLine(ctx: CanvasRenderingContext2D, power: number, left: number, wide: number, y: (value: number) => number): void {
  const at = Math.round(y(10 ** power)) + 0.5;
  ctx.strokeStyle = colour("rule");
  ctx.lineWidth = 1;
  line(ctx, [[left, at], [left + wide, at]]);
  ctx.font = figures();
  ctx.fillStyle = colour("ink-3");
  ctx.textAlign = "right";
  ctx.fillText(power === 0 ? "1" : powerOfTen(Number(`1e${power}`)), left - 5, at);
}

function paintEnds(ctx: CanvasRenderingContext2D, ends: { text: string; y: number; token: string }[], x: number, bottom: number): void {
  const order = ends.toSorted((one, other) => one.y - other.y);
  order.forEach((end, index) => {
    const above = order[index - 1];
    if (above && end.y - above.y < 13) end.y = above.y + 13;
  });
  const over = (order.at(-1)?.y ?? 0) - (bottom - 5);
  ctx.font = words(11.5, 600);
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  for (const end of order) {
    ctx.fillStyle = colour(end.token);
    ctx.fillText(end.text, x, end.y - Math.max(0, over));
  }
}

function paintNames(ctx: CanvasRenderingContext2D, points: readonly RulerPoint[], look: RulerLook, wide: number, bottom: number): void {
  const { left } = look;
  const stride = Math.max(1, Math.ceil((NAME_ROOM * points.length) / wide));
  const last = points.length - 1;
  const wanted = points.map((_, index) => index).filter((index) => index === last || index % stride === 0);
  ctx.font = words(11);
  ctx.textBaseline = "top";
  ctx.textAlign = "center";
  const names = fittedNames(ctx, wanted.map((index) => points[index]?.name ?? ""), Math.max(36, Math.min(110, (wide * stride) / points.length - 6)));
  const spans = wanted.map((index, place): Span => {
    const half = ctx.measureText(names[place] as string).width / 2;
    const middle = Math.max(half + 2, Math.min(left + wide + look.right - half, placeOf(index, points.length, left, wide)));
    return [middle - half, middle + half];
  });
  for (const place of withoutOverlap(spans, 8)) {
    const [from, to] = spans[place] as Span;
    ctx.fillStyle = colour(points[wanted[place] as number]?.warned ? "warn" : "ink-2");
    ctx.fillText(names[place] as string, (from + to) / 2, bottom + 4);
  }
}

type Span = [from: number, to: number];

/** Which of the spans, from left to right, stand side by side with a gap; the last always does. */
export function withoutOverlap(spans: readonly Span[], gap: number): number[] {
  const last = spans.length - 1;
  const end = spans[last]?.[0] ?? 0;
  let taken = Number.NEGATIVE_INFINITY;
  return spans.flatMap(([from, to], index) => {
    if (index !== last && (from < taken + gap || to > end - gap)) return [];
    taken = to;
    return [index];
  });
}

function line(ctx: CanvasRenderingContext2D, points: [number, number][]): void {
  ctx.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.stroke();
}

function dot(ctx: CanvasRenderingContext2D, x: number, y: number, fill: string): void {
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.arc(x, y, 2.75, 0, 2 * Math.PI);
  ctx.fill();
}
