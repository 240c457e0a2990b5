/** Curves over the shared step axis: uPlot draws axes and lines; bands, labels at the ends and the hairline are added here. */
import uPlot from "uplot";
import { bandOf, partsOf, rowAt } from "./band";
import { fittedName } from "./names";
import { drawable, extent, logTicks, niceTicks, pushApart, stepTicks } from "./scale";
import { colour, figures, themeVersion, words } from "./theme";
import { whole } from "./words";

/** A point of a line with its name: "best 97.2%". */
export interface Named {
  step: number;
  value: number;
  name: string;
}

/** A moment that all charts mark. */
export interface Flag {
  step: number;
  name: string;
  /** The line breaks here: a new attempt went on from an earlier state. */
  breaks?: boolean;
}

export interface Line {
  /** Written at the end of the line; empty for a line without a label. */
  label: string;
  /** Token of the colour. */
  token: string;
  dash?: number[];
  width?: number;
  /** 0 to 1. */
  opacity?: number;
  steps: Float64Array;
  values: Float32Array;
  /** The value that stands beside the label; NaN leaves it out. */
  shown?: number;
  /** Carries a mark at each row while there are few. */
  marks?: boolean;
  /** Has a say in how far the value axis reaches. */
  ranges?: boolean;
  /** Only its values up to this one; what lies above leaves the chart at the top. */
  rangesTo?: number;
  /** As measured, where the line is smoothed: drawn pale behind it, from the least to the most. */
  raw?: { steps: Float64Array; values: Float32Array };
  best?: Named | null;
}

/** A washed part of the chart with its name. */
export interface Zone {
  from: number;
  to: number;
  name: string;
}

export interface Picture {
  range: [from: number, to: number];
  lines: Line[];
  log: boolean;
  zones?: Zone[];
  flags: Flag[];
  /** The step that is "now". */
  now: number;
  /** Where the hairline stands: each named line has its point there. */
  at?: number | null;
}

export interface LineChartOptions {
  /** Quantity and unit, written inside at the top right. */
  title: string;
  format: (value: number) => string;
  tick: (value: number) => string;
  /** The value axis for what is visible, before rounding. */
  fit: (low: number, high: number, log: boolean) => [low: number, high: number];
  left?: number;
  right?: number;
  /** Without the step axis, where another chart stands below. */
  bare?: boolean;
  /** Says what the flags are: one chart of several does. */
  flagNames?: boolean;
}

const LABEL_GAP = 13;
/** Width of the gap where a line breaks, px. */
const BREAK = 4;
/** Of what was measured, behind the smoothed line. */
const PALE = 0.2;
/** Rows of a line up to which each carries a mark. */
const MARKED = 40;
const EMPTY: Line = { label: "", token: "ink", steps: new Float64Array(0), values: new Float32Array(0) };

export class LineChart {
  private plot: uPlot | null = null;
  private cover: HTMLCanvasElement | null = null;
  private structure = "";
  private picture: Picture = { range: [0, 1], lines: [], log: false, flags: [], now: 0 };
  private parts: Line[] = [];
  private values: [number, number] = [0, 1];
  private readonly left: number;
  private readonly right: number;

  constructor(
    private readonly parent: HTMLElement,
    private readonly options: LineChartOptions,
    /** Everything so many times larger: for a file. */
    private readonly zoom = 1,
  ) {
    this.left = (options.left ?? 34) * zoom;
    this.right = (options.right ?? 84) * zoom;
  }

  /** The chart as it is, drawn anew at so many times its size. */
  async sharp(scale: number): Promise<HTMLCanvasElement> {
    const copy = new LineChart(document.createElement("div"), this.options, scale);
    const { width = 1, height = 1 } = this.plot ?? {};
    copy.paint(this.picture, width, height);
    await Promise.resolve(); // uPlot draws once the current task is over
    const plot = copy.plot as uPlot;
    copy.over(plot, plot.ctx);
    copy.destroy();
    return plot.ctx.canvas;
  }

  /** Names, values and the points at the hairline: on a canvas of their own, for they change with the pointer. Drawn again after the curves, whose axes move. */
  paintOver(picture: Picture): void {
    this.picture = picture;
    const { plot } = this;
    if (!plot) return;
    this.cover ??= this.parent.appendChild(document.createElement("canvas"));
    this.cover.className = "chart-over";
    const { width, height } = plot.ctx.canvas;
    if (this.cover.width !== width || this.cover.height !== height) {
      Object.assign(this.cover, { width, height });
      this.cover.style.width = `${plot.width}px`;
      this.cover.style.height = `${plot.height}px`;
    }
    const context = this.cover.getContext("2d") as CanvasRenderingContext2D;
    context.clearRect(0, 0, width, height);
    this.over(plot, context);
  }

  private over(plot: uPlot, ctx: CanvasRenderingContext2D): void {
    const { ratio } = this;
    this.crossings(plot, ctx);
    this.labels(plot, ctx, ratio);
  }

  /** Pixels of the canvas for one of the chart. */
  private get ratio(): number {
    return (window.devicePixelRatio || 1) * this.zoom;
  }

  destroy(): void {
    this.plot?.destroy();
    this.plot = null;
    this.cover?.remove();
    this.cover = null;
  }

  /** One setData; the plot is built anew only when the set of lines, the kind of axis or the theme changes. */
  paint(picture: Picture, wide: number, tall: number): void {
    this.picture = picture;
    const [width, height] = [wide * this.zoom, tall * this.zoom];
    this.parts = this.visible(width);
    const structure = JSON.stringify([picture.log, themeVersion(), this.parts.map((line) => [line.token, line.dash, line.width, line.opacity])]);
    this.values = this.fit();
    const data = [null, ...this.parts.map((line) => [line.steps, line.values])] as unknown as uPlot.AlignedData;
    if (!this.plot || structure !== this.structure) {
      this.plot?.destroy();
      this.structure = structure;
      this.plot = new uPlot(this.configuration(width, height), data, this.parent);
      return;
    }
    if (this.plot.width !== width || this.plot.height !== height) this.plot.setSize({ width, height });
    this.plot.setData(data);
  }

  /** Where the drawing area lies in the element, in CSS pixels. */
  get area(): { left: number; width: number; top: number; height: number } {
    const ratio = window.devicePixelRatio || 1;
    const box = this.plot?.bbox;
    if (!box) return { left: this.left, width: 1, top: 0, height: 1 };
    return { left: box.left / ratio, width: box.width / ratio, top: box.top / ratio, height: box.height / ratio };
  }

  /** The lines, each in as many parts as it has breaks. */
  private visible(width: number): Line[] {
    const { range, flags } = this.picture;
    const breaks = flags.filter((flag) => flag.breaks).map((flag) => flag.step);
    const gap = (BREAK * this.zoom * (range[1] - range[0])) / Math.max(1, width - this.left - this.right);
    const lines = this.picture.lines.flatMap((line) =>
      partsOf(drawable(line.steps, line.values, this.picture.log), breaks, gap).map((part) => ({ ...line, ...part })),
    );
    return lines.length > 0 ? lines : [EMPTY];
  }

  private fit(): [number, number] {
    const { lines, log, range } = this.picture;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const line of lines) {
      if (line.ranges === false) continue;
      const { steps, values } = line.raw ?? line;
      const found = extent(steps, values, range[0], range[1], log, line.rangesTo);
      if (!found) continue;
      low = Math.min(low, found[0]);
      high = Math.max(high, found[1]);
    }
    if (low > high) [low, high] = log ? [1e-4, 1] : [0, 1];
    return this.options.fit(low, high, log);
  }

  private configuration(width: number, height: number): uPlot.Options {
    const { zoom, parts: lines } = this;
    const { log } = this.picture;
    const rows = Math.max(2, Math.min(5, Math.floor(height / zoom / 34)));
    const ticks = () => (log ? logTicks(this.values[0], this.values[1], rows) : niceTicks(this.values[0], this.values[1], rows));
    const grid = { stroke: colour("rule"), width: zoom };
    const axis = { stroke: colour("ink-3"), font: figures(10.5 * zoom), ticks: { show: false }, border: { show: false } };
    const series = lines.map((line) => ({
      facets: [
        { scale: "x", auto: true },
        { scale: "y", auto: true },
      ],
      stroke: colour(line.token),
      width: (line.width ?? 1.75) * zoom,
      alpha: line.opacity ?? 1,
      points: { show: false },
      paths: uPlot.paths.linear?.({ alignGaps: 0 }) ?? (() => null),
      ...(line.dash ? { dash: line.dash.map((length) => length * zoom) } : {}),
    }));
    return {
      mode: 2,
      width,
      height,
      pxAlign: false,
      padding: [17 * zoom, this.right, this.options.bare ? 6 * zoom : 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => this.picture.range },
        y: { distr: log ? 3 : 1, range: () => this.values },
      },
      axes: [
        {
          ...axis,
          size: this.options.bare ? 1 : 20 * zoom,
          gap: 4 * zoom,
          grid: { show: false },
          splits: (plot) => stepTicks(...this.picture.range, Math.max(3, Math.floor(plot.bbox.width / this.ratio / 64))),
          values: (_, splits) => (this.options.bare ? splits.map(() => "") : splits.map(whole)),
        },
        {
          ...axis,
          size: this.left,
          gap: 5 * zoom,
          grid,
          scale: "y",
          splits: ticks,
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map((value) => this.options.tick(value)),
        },
      ],
      series: [{}, ...series],
      hooks: { drawClear: [(plot) => this.zones(plot), (plot) => this.bands(plot)], draw: [(plot) => this.marks(plot), () => this.cover && this.paintOver(this.picture)] },
    } as uPlot.Options;
  }

  private zones(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { ratio } = this;
    for (const zone of this.picture.zones ?? []) {
      const [low, high] = this.values;
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
  private bands(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { ratio } = this;
    const { log, range } = this.picture;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.globalAlpha = PALE;
    ctx.setLineDash([]); // the last line's may still be set
    ctx.lineJoin = "round";
    ctx.lineWidth = ratio;
    for (const one of this.picture.lines) {
      if (!one.raw) continue;
      const { steps, low, high } = bandOf(one.raw.steps, one.raw.values, range, bbox.width / this.ratio, log);
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

  private marks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { ratio } = this;
    ctx.save();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colour("rule-2");
    ctx.lineWidth = ratio;
    line(ctx, bbox.left, bbox.top + bbox.height, bbox.left + bbox.width, bbox.top + bbox.height);
    this.flags(plot, ratio);
    this.points(plot, ratio);
    this.ends(plot, ratio);
    scaledFont(ctx, words(), ratio);
    ctx.textAlign = "right";
    ctx.textBaseline = "top";
    halo(ctx, this.options.title, bbox.left + bbox.width, bbox.top - 15 * ratio, "ink-2", ratio);
    ctx.restore();
  }

  /** Sparse lines carry a square at each row, so that a single one is seen. */
  private points(plot: uPlot, ratio: number): void {
    const { ctx } = plot;
    const [from, to] = this.picture.range;
    for (const one of this.picture.lines) {
      if (!one.marks || one.values.length > MARKED) continue;
      ctx.fillStyle = colour(one.token);
      for (let row = 0; row < one.values.length; row += 1) {
        const step = one.steps[row] as number;
        const value = one.values[row] as number;
        if (step < from || step > to || !(value >= this.values[0] && value <= this.values[1])) continue;
        ctx.fillRect(plot.valToPos(step, "x", true) - 2.5 * ratio, plot.valToPos(value, "y", true) - 2.5 * ratio, 5 * ratio, 5 * ratio);
      }
    }
  }

  /** A dashed line with a pennant at its head; its name beside it where there is room. */
  private flags(plot: uPlot, ratio: number): void {
    const { ctx, bbox } = plot;
    const [from, to] = this.picture.range;
    scaledFont(ctx, words(10.5), ratio);
    ctx.textAlign = "left";
    ctx.textBaseline = "top";
    let taken = Number.NEGATIVE_INFINITY;
    for (const { step, name } of this.picture.flags.toSorted((a, b) => a.step - b.step)) {
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
      if (!this.options.flagNames || left < taken || left + wide > bbox.left + bbox.width) continue;
      halo(ctx, name, left, bbox.top - 2 * ratio, "ink-3", ratio);
      taken = left + wide + 6 * ratio;
    }
  }

  /** A point where each named line ends, and its best. */
  private ends(plot: uPlot, ratio: number): void {
    const { ctx, bbox } = plot;
    for (const one of this.picture.lines) {
      if (one.label === "" || one.values.length === 0) continue;
      this.spot(plot, ctx, one.steps.at(-1) as number, one.values.at(-1) as number, one.token, { radius: 2.5 });
      const { best } = one;
      if (!best || !this.spot(plot, ctx, best.step, best.value, one.token, { radius: 4, hollow: true })) continue;
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
  private crossings(plot: uPlot, ctx: CanvasRenderingContext2D): void {
    const { lines, at } = this.picture;
    if (at === undefined || at === null) return;
    for (const one of lines) if (one.label !== "" && Number.isFinite(one.shown)) this.spot(plot, ctx, at, one.shown as number, one.token, { radius: 3.5 });
  }

  /** A round mark; false where it would lie outside. */
  private spot(plot: uPlot, ctx: CanvasRenderingContext2D, step: number, value: number, token: string, { radius, hollow = false }: { radius: number; hollow?: boolean }): boolean {
    const { range } = this.picture;
    if (step < range[0] || step > range[1] || !(value >= this.values[0] && value <= this.values[1])) return false;
    ctx.beginPath();
    ctx.arc(plot.valToPos(step, "x", true), plot.valToPos(value, "y", true), radius * this.ratio, 0, 2 * Math.PI);
    ctx.fillStyle = colour(hollow ? "surface" : token);
    ctx.fill();
    ctx.strokeStyle = colour(hollow ? token : "surface");
    ctx.lineWidth = (hollow ? 1.5 : 1) * this.ratio;
    ctx.stroke();
    return true;
  }

  /** Names and values where the lines end, 13 px apart. */
  private labels(plot: uPlot, ctx: CanvasRenderingContext2D, ratio: number): void {
    const { bbox } = plot;
    const named = this.picture.lines.filter((one) => one.label !== "" && one.values.length > 0);
    const ends = named.map((one) => {
      const at = Number.isFinite(one.shown) ? (one.shown as number) : (one.values[Math.max(0, rowAt(one.steps, this.picture.range[1]))] as number);
      return plot.valToPos(Math.max(this.values[0], Math.min(this.values[1], at)), "y", true);
    });
    const places = pushApart(ends, LABEL_GAP * ratio, bbox.top + 4 * ratio, bbox.top + bbox.height - 4 * ratio);
    const screen = window.devicePixelRatio || 1;
    const gutter = this.right * screen - 8 * ratio;
    const beside = plot.valToPos(Math.min(this.picture.now, this.picture.range[1]), "x", true);
    const room = bbox.left + bbox.width - beside > gutter;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    scaledFont(ctx, words(11.5, 600), ratio);
    named.forEach((one, index) => {
      const said = Number.isFinite(one.shown) ? this.options.format(one.shown as number) : "";
      const value = said === "" ? "" : ` ${said}`;
      const x = (room ? beside : bbox.left + bbox.width) + 6 * ratio;
      const text = `${fittedName(ctx, one.label, gutter - ctx.measureText(value).width)}${value}`;
      // Long words reach back over the lines rather than out of the picture.
      halo(ctx, text, Math.min(x, plot.width * screen - ctx.measureText(text).width - 2 * ratio), places[index] as number, one.token, ratio);
    });
  }
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
