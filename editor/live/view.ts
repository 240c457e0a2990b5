/** What part of a run is looked at: one range, one hairline and one frozen step for every chart. */
import type { Details } from "./details";
import { type LiveRun, type Quantity, type Series, type StreamName, valueOf } from "./live_run";
import { painter } from "./painter";

/** Fewer steps than this would stretch the first moments over the whole width. */
const SHORTEST = 20;
/** Fewest steps to zoom into. */
const CLOSEST = 4;

export class TimeView {
  /** Step under the pointer, in whichever chart it is. */
  hover: number | null = null;
  /** Step at which the page stands still; null follows the run. */
  frozen: number | null = null;
  /** Steps chosen by dragging over a chart; null shows all there is. */
  zoom: [from: number, to: number] | null = null;
  /** The axis ends where the run will end, not where it is now. */
  whole = false;

  constructor(
    private readonly live: LiveRun,
    private readonly details: Details | null = null,
  ) {}

  /** The shared axis, in steps. */
  get range(): [from: number, to: number] {
    return this.zoom ?? this.all;
  }

  /** The axis of all steps. */
  get all(): [from: number, to: number] {
    const end = this.whole ? (this.live.started?.total_steps ?? 0) : this.live.lastStep;
    return [0, Math.max(SHORTEST, end, this.live.lastStep)];
  }

  /** Where the hairline stands; null for no hairline. */
  get line(): number | null {
    return this.hover ?? this.frozen;
  }

  /** The step whose figures are shown: under the pointer, else frozen, else the newest. */
  get shown(): number {
    return this.line ?? Number.POSITIVE_INFINITY;
  }

  /** The step whose values stand beside a chart's lines: at the hairline, else where the lines leave the chart. */
  get edge(): number {
    return this.line ?? this.zoom?.[1] ?? Number.POSITIVE_INFINITY;
  }

  /** What every drawing over the axis depends on. */
  get stamp(): string {
    return `${this.range.join(" ")} ${this.details?.version ?? 0}`;
  }

  set(change: Partial<Pick<TimeView, "hover" | "frozen" | "zoom" | "whole">>): void {
    Object.assign(this, change);
    if ("zoom" in change) this.details?.look(this.zoom);
    painter.ask();
  }

  /** Shows the steps between two, as far as there are any; all of them where that is all. */
  zoomTo(from: number, to: number): void {
    const [first, last] = this.all;
    const width = Math.max(CLOSEST, Math.min(Math.round(to - from), last - first));
    const start = Math.round(Math.max(first, Math.min(from, last - width)));
    this.set({ zoom: width >= last - first ? null : [start, start + width] });
  }

  /** So many times as many steps, the one at the hairline or else in the middle staying where it is. */
  zoomBy(factor: number): void {
    const [from, to] = this.range;
    const { line } = this;
    const around = line !== null && line >= from && line <= to ? line : (from + to) / 2;
    this.zoomTo(around - (around - from) * factor, around + (to - around) * factor);
  }

  /** Moves what is shown by a share of its width. */
  pan(share: number): void {
    if (!this.zoom) return;
    const [from, to] = this.zoom;
    const by = share * (to - from);
    this.zoomTo(from + by, to + by);
  }

  /** Where a figure of training stands, with the finest rows there are of what is shown. */
  series(quantity: Quantity, layer: string | null = null): Series | null {
    return this.finer(this.live.series(quantity, layer));
  }

  /** The same, of one stream. */
  column(stream: StreamName, quantity: Quantity, layer: string | null = null): Series | null {
    return this.finer(this.live.column(stream, quantity, layer));
  }

  /** A figure of training beside the lines; NaN where it is not measured. */
  value(quantity: Quantity, layer: string | null = null): number {
    return this.valueAt(this.live.series(quantity, layer));
  }

  /** Of a column of any stream. */
  valueAt(series: Series | null): number {
    const { edge, zoom } = this;
    return valueOf(zoom && edge >= zoom[0] && edge <= zoom[1] ? this.finer(series) : series, edge);
  }

  private finer(series: Series | null): Series | null {
    return series && this.zoom && this.details ? this.details.finer(series, this.zoom) : series;
  }
}
