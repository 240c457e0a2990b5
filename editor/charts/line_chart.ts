/** Curves over the shared step axis: uPlot draws axes and lines; bands, labels at the ends and the hairline are added here. */
import uPlot from "uplot";
import { fittedName } from "./names";
import { drawable, extent, logTicks, niceTicks, pushApart, stepTicks } from "./scale";
import { colour, figures, themeVersion, words } from "./theme";
import { whole } from "./words";

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
  /** Steps with a flag. */
  flags: number[];
  /** The step that is "now". */
  now: number;
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
}

const LABEL_GAP = 13;
/** Rows of a line up to which each carries a mark. */
const MARKED = 40;
const EMPTY: Line = { label: "", token: "ink", steps: new Float64Array(0), values: new Float32Array(0) };

export class LineChart {
  private plot: uPlot | null = null;
  private structure = "";
  private picture: Picture = { range: [0, 1], lines: [], log: false, flags: [], now: 0 };
  private values: [number, number] = [0, 1];
  private readonly left: number;
  private readonly right: number;

  constructor(
    private readonly parent: HTMLElement,
    private readonly options: LineChartOptions,
  ) {
    this.left = options.left ?? 34;
    this.right = options.right ?? 84;
  }

  destroy(): void {
    this.plot?.destroy();
    this.plot = null;
  }

  /** One setData; the plot is built anew only when the set of lines, the kind of axis or the theme changes. */
  paint(picture: Picture, width: number, height: number): void {
    this.picture = picture;
    const structure = JSON.stringify([picture.log, themeVersion(), picture.lines.map((line) => [line.token, line.dash, line.width, line.opacity])]);
    this.values = this.fit();
    const data = [null, ...this.visible().map((line) => [line.steps, line.values])] as unknown as uPlot.AlignedData;
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

  private visible(): Line[] {
    const lines = this.picture.lines.map((line) => ({ ...line, ...drawable(line.steps, line.values, this.picture.log) }));
    return lines.length > 0 ? lines : [EMPTY];
  }

  private fit(): [number, number] {
    const { lines, log, range } = this.picture;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const line of lines) {
      if (line.ranges === false) continue;
      const found = extent(line.steps, line.values, range[0], range[1], log);
      if (!found) continue;
      low = Math.min(low, found[0]);
      high = Math.max(high, found[1]);
    }
    if (low > high) [low, high] = log ? [1e-4, 1] : [0, 1];
    return this.options.fit(low, high, log);
  }

  private configuration(width: number, height: number): uPlot.Options {
    const { lines, log } = this.picture;
    const rows = Math.max(2, Math.min(5, Math.floor(height / 34)));
    const ticks = () => (log ? logTicks(this.values[0], this.values[1], rows) : niceTicks(this.values[0], this.values[1], rows));
    const grid = { stroke: colour("rule"), width: 1 };
    const axis = { stroke: colour("ink-3"), font: figures(), ticks: { show: false }, border: { show: false } };
    const series = (lines.length > 0 ? lines : [EMPTY]).map((line) => ({
      facets: [
        { scale: "x", auto: true },
        { scale: "y", auto: true },
      ],
      stroke: colour(line.token),
      width: line.width ?? 1.75,
      alpha: line.opacity ?? 1,
      points: { show: false },
      paths: uPlot.paths.linear?.({ alignGaps: 0 }) ?? (() => null),
      ...(line.dash ? { dash: line.dash } : {}),
    }));
    return {
      mode: 2,
      width,
      height,
      pxAlign: false,
      padding: [17, this.right, this.options.bare ? 6 : 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => this.picture.range },
        y: { distr: log ? 3 : 1, range: () => this.values },
      },
      axes: [
        {
          ...axis,
          size: this.options.bare ? 1 : 20,
          gap: 4,
          grid: { show: false },
          splits: (plot) => stepTicks(...this.picture.range, Math.max(3, Math.floor(plot.bbox.width / (window.devicePixelRatio || 1) / 64))),
          values: (_, splits) => (this.options.bare ? splits.map(() => "") : splits.map(whole)),
        },
        {
          ...axis,
          size: this.left,
          gap: 5,
          grid,
          scale: "y",
          splits: ticks,
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map((value) => this.options.tick(value)),
        },
      ],
      series: [{}, ...series],
      hooks: { drawClear: [(plot) => this.zones(plot)], draw: [(plot) => this.marks(plot)] },
    } as uPlot.Options;
  }

  private zones(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = window.devicePixelRatio || 1;
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
      ctx.fillText(zone.name, bbox.left + 5 * ratio, bottom - 3 * ratio);
    }
  }

  private marks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = window.devicePixelRatio || 1;
    ctx.save();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colour("rule-2");
    ctx.lineWidth = ratio;
    line(ctx, bbox.left, bbox.top + bbox.height, bbox.left + bbox.width, bbox.top + bbox.height);
    this.flags(plot, ratio);
    this.points(plot, ratio);
    scaledFont(ctx, words(), ratio);
    ctx.textAlign = "right";
    ctx.textBaseline = "top";
    halo(ctx, this.options.title, bbox.left + bbox.width, bbox.top - 15 * ratio, "ink-2", ratio);
    this.labels(plot, ratio);
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

  private flags(plot: uPlot, ratio: number): void {
    const { ctx, bbox } = plot;
    const [from, to] = this.picture.range;
    ctx.strokeStyle = colour("warn-line");
    ctx.setLineDash([ratio, 3 * ratio]);
    for (const step of this.picture.flags) {
      if (step < from || step > to) continue;
      const x = plot.valToPos(step, "x", true);
      line(ctx, x, bbox.top, x, bbox.top + bbox.height);
    }
    ctx.setLineDash([]);
  }

  /** Names and values where the lines end, 13 px apart. */
  private labels(plot: uPlot, ratio: number): void {
    const { ctx, bbox } = plot;
    const named = this.picture.lines.filter((one) => one.label !== "" && one.values.length > 0);
    const ends = named.map((one) => {
      const at = Number.isFinite(one.shown) ? (one.shown as number) : (one.values.at(-1) as number);
      return plot.valToPos(Math.max(this.values[0], Math.min(this.values[1], at)), "y", true);
    });
    const places = pushApart(ends, LABEL_GAP * ratio, bbox.top + 4 * ratio, bbox.top + bbox.height - 4 * ratio);
    const beside = plot.valToPos(Math.min(this.picture.now, this.picture.range[1]), "x", true);
    const room = bbox.left + bbox.width - beside > (this.right - 8) * ratio;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    scaledFont(ctx, words(11.5, 600), ratio);
    named.forEach((one, index) => {
      const value = Number.isFinite(one.shown) ? ` ${this.options.format(one.shown as number)}` : "";
      const x = (room ? beside : bbox.left + bbox.width) + 6 * ratio;
      const text = value ? `${one.label}${value}` : fittedName(ctx, one.label, (this.right - 8) * ratio);
      // Long words reach back over the lines rather than out of the picture.
      halo(ctx, text, Math.min(x, plot.width * ratio - ctx.measureText(text).width - 2 * ratio), places[index] as number, one.token, ratio);
    });
  }
}

function scaledFont(ctx: CanvasRenderingContext2D, font: string, ratio: number): void {
  ctx.font = font.replace(/([\d.]+)px/, (_, size: string) => `${Number(size) * ratio}px`);
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
