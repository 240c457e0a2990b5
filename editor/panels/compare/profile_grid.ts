/** Small charts side by side, one a run, over one depth axis and one value axis, so that layers stand under layers. */
import { logTicks, niceTicks } from "../../charts/scale";
import { colour, figures, words } from "../../charts/theme";
import { fittedTitle } from "../../charts/titles";
import { powerOfTen } from "../../charts/words";
import type { LayerProfile } from "../../generated/types";
import type { Shown } from "./view";

export type Figure = "gradient_rms" | "update_ratio" | "dead";

interface Profiled {
  run: Pick<Shown, "letter" | "look" | "name">;
  layers: readonly LayerProfile[];
}

const LEFT = 34;
const GUTTER = 12;
const HEAD = 18;
const FOOT = 16;
const RATIO = 1.25; // of a cell that is read well

interface Cell {
  left: number;
  top: number;
  wide: number;
  tall: number;
}

/** Where each small chart lies. */
export function cells(count: number, width: number, height: number): Cell[] {
  if (count === 0) return [];
  const columns = Math.min(count, Math.max(1, Math.round(Math.sqrt((count * width) / Math.max(1, height) / RATIO))));
  const rows = Math.ceil(count / columns);
  const wide = (width - LEFT - GUTTER * (columns - 1) - 8) / columns;
  const tall = height / rows;
  return Array.from({ length: count }, (_, index) => ({ left: LEFT + (index % columns) * (wide + GUTTER), top: Math.floor(index / columns) * tall + HEAD, wide, tall: tall - HEAD - FOOT }));
}

/** Ends of the value axis: whole decades, or nought to the most that are dead. */
function span(shown: readonly Profiled[], figure: Figure): [number, number] {
  const values = shown.flatMap(({ layers }) => layers.flatMap((layer) => layer[figure] ?? [])).filter((value) => figure === "dead" || value > 0);
  if (figure === "dead") return [0, Math.max(0.1, ...values)];
  if (values.length === 0) return [1e-6, 1];
  const [low, high] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return [10 ** low, 10 ** Math.max(high, low + 1)];
}

const deepestOf = (shown: readonly Profiled[]) => Math.max(1, ...shown.map(({ layers }) => layers.length));

export function paintProfiles(ctx: CanvasRenderingContext2D, width: number, height: number, shown: readonly Profiled[], figure: Figure, depth: number | null): void {
  const [low, high] = span(shown, figure);
  const deepest = deepestOf(shown);
  const log = figure !== "dead";
  const share = (value: number) => (log ? (Math.log10(Math.max(value, low)) - Math.log10(low)) / (Math.log10(high) - Math.log10(low)) : value / high);
  const base = shown[0];
  cells(shown.length, width, height).forEach((cell, index) => {
    const { run, layers } = shown[index] as Profiled;
    const x = (at: number) => cell.left + (deepest === 1 ? cell.wide / 2 : ((at - 1) / (deepest - 1)) * (cell.wide - 6) + 3);
    const y = (value: number) => cell.top + cell.tall * (1 - share(value));
    const rows = Math.max(2, Math.floor(cell.tall / 36));
    ctx.font = figures();
    ctx.lineWidth = 1;
    for (const tick of log ? logTicks(low, high, rows) : niceTicks(0, high, rows)) {
      const line = Math.round(y(tick)) + 0.5;
      ctx.strokeStyle = colour("rule");
      stroke(ctx, cell.left, line, cell.left + cell.wide, line);
      if (cell.left > LEFT + 1) continue;
      ctx.fillStyle = colour("ink-3");
      ctx.textAlign = "right";
      ctx.textBaseline = "middle";
      ctx.fillText(log ? powerOfTen(tick) : `${Math.round(100 * tick)}%`, cell.left - 5, line);
    }
    ctx.strokeStyle = colour("rule-2");
    const foot = Math.round(cell.top + cell.tall) + 0.5;
    stroke(ctx, cell.left, foot, cell.left + cell.wide, foot);
    ctx.fillStyle = colour("ink-3");
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    ctx.fillText("1", x(1) - 3, foot + 3);
    ctx.textAlign = "right";
    if (deepest > 1) ctx.fillText(String(deepest), x(deepest) + 3, foot + 3);
    if (depth !== null) {
      ctx.strokeStyle = colour("accent");
      stroke(ctx, x(depth), cell.top, x(depth), cell.top + cell.tall);
    }
    if (index > 0 && base) trace(ctx, base.layers, figure, log, x, y, colour("rule-2"), [], 1, false);
    trace(ctx, layers, figure, log, x, y, colour(run.look.token), run.look.dash, 1.75, deepest <= 40);
    ctx.font = words(11.5, 600);
    ctx.fillStyle = colour(run.look.token);
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    ctx.fillText(fittedTitle(ctx, run.letter, run.name, cell.wide), cell.left, cell.top - HEAD + 2);
  });
}

function trace(ctx: CanvasRenderingContext2D, layers: readonly LayerProfile[], figure: Figure, log: boolean, x: (at: number) => number, y: (value: number) => number, ink: string, dash: number[], wide: number, marked: boolean): void {
  const known = layers.filter((layer) => layer[figure] !== null && (!log || (layer[figure] as number) > 0));
  ctx.strokeStyle = ctx.fillStyle = ink;
  ctx.lineWidth = wide;
  ctx.setLineDash(dash);
  ctx.beginPath();
  for (const layer of known) ctx.lineTo(x(layer.depth), y(layer[figure] as number));
  ctx.stroke();
  ctx.setLineDash([]);
  if (!marked) return;
  for (const layer of known) {
    ctx.beginPath();
    ctx.arc(x(layer.depth), y(layer[figure] as number), 2.5, 0, 2 * Math.PI);
    ctx.fill();
  }
}

/** The depth that the pointer is at; null beside the charts. */
export function spot(shown: readonly Profiled[], width: number, height: number, x: number, y: number): number | null {
  const deepest = deepestOf(shown);
  const cell = cells(shown.length, width, height).find(({ left, top, wide, tall }) => x >= left - 4 && x <= left + wide + 4 && y >= top - HEAD && y <= top + tall + FOOT);
  if (!cell) return null;
  const share = Math.max(0, Math.min(1, (x - cell.left - 3) / Math.max(1, cell.wide - 6)));
  return 1 + Math.round(share * (deepest - 1));
}

function stroke(ctx: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
