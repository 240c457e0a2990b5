/** Curves over the shared step axis: uPlot draws axes and lines, and has line_marks draw the rest. */
import uPlot from "uplot";
import { partsOf } from "./band";
import { behindCurves, onCurves, overCurves, type Plotted } from "./line_marks";
import type { Line, Picture } from "./line_picture";
import { drawable, extent, logTicks, niceTicks, stepTicks } from "./scale";
import { colour, figures, themeVersion } from "./theme";
import { whole } from "./words";

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

/** Width of the gap where a line breaks, px. */
const BREAK = 4;
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
    overCurves(this.plotted(plot, ctx), this.options.format, this.right);
  }

  private plotted(plot: uPlot, ctx = plot.ctx): Plotted {
    return { plot, ctx, ratio: this.ratio, picture: this.picture, values: this.values };
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
      hooks: {
        drawClear: [(plot) => behindCurves(this.plotted(plot))],
        draw: [(plot) => onCurves(this.plotted(plot), this.options.title, this.options.flagNames ?? false), () => this.cover && this.paintOver(this.picture)],
      },
    } as uPlot.Options;
  }
}
