/** What part of a run is looked at: one range, one hairline and one frozen step for every chart. */
import type { LiveRun } from "./live_run";
import { painter } from "./painter";

/** Fewer steps than this would stretch the first moments over the whole width. */
const SHORTEST = 20;

export class TimeView {
  /** Step under the pointer, in whichever chart it is. */
  hover: number | null = null;
  /** Step at which the page stands still; null follows the run. */
  frozen: number | null = null;
  /** Steps chosen by dragging over a chart; null shows all there is. */
  zoom: [from: number, to: number] | null = null;
  /** The axis ends where the run will end, not where it is now. */
  whole = false;

  constructor(private readonly live: LiveRun) {}

  /** The shared axis, in steps. */
  get range(): [from: number, to: number] {
    if (this.zoom) return this.zoom;
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

  set(change: Partial<Pick<TimeView, "hover" | "frozen" | "zoom" | "whole">>): void {
    Object.assign(this, change);
    painter.ask();
  }
}
