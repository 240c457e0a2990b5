/** Finer rows of the part of a long run that is zoomed into: asked for once the zoom rests, kept within a bound, drawn in place of the coarse ones. */
import { painter } from "./painter";
import type { LiveRun, Series, StreamName } from "./live_run";
import { tableOf } from "./row_records";
import type { Table } from "./table";

export type Range = readonly [from: number, to: number];

/** Rows asked for, of the range and its margins: about as many for a pixel as a joining page gets for the whole run. */
const POINTS: Record<StreamName, number> = { steps: 4_000, layers: 1_200, validation: 2_000, training: 2_000 };
/** Asked for on either side, in widths of the range: smoothing begins before it, and a pan finds rows there. */
const MARGIN = 0.5;
/** Rows of a range so many times as wide are fine enough still. */
const WIDEST = 3;
/** Milliseconds for which a zoom must rest: while it is dragged or wheels on, nothing is asked. */
const REST = 150;
/** Milliseconds after which rows that could not be read are asked for again. */
const PATIENCE = 5_000;
const MOST_BYTES = 32 * 1024 * 1024;
const MOST_STEP = 2 ** 32 - 1;

interface Patch {
  stream: StreamName;
  range: Range;
  table: Table;
  /** When it was asked for the run had not passed its end: rows that come are taken over from the live table. */
  open: boolean;
  /** Version of the live table that it has the rows of. */
  upTo: number;
}

export interface DetailsHost {
  fetch: (stream: StreamName, from: number, to: number, points: number) => Promise<Uint8Array>;
  failed: (error: unknown) => void;
}

export class Details {
  /** The least recently drawn first. */
  private kept: Patch[] = [];
  private readonly flying = new Map<StreamName, Range>();
  private readonly notBefore = new Map<StreamName, number>();
  /** Streams that something drawn looks at in this range. */
  private readonly looked = new Set<StreamName>();
  private range: Range | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  /** Grows when what is on its way no longer counts. */
  private era = 0;
  /** Grows when finer rows came or went: part of what a drawing depends on. */
  version = 0;

  constructor(
    private readonly live: LiveRun,
    private readonly host: DetailsHost,
  ) {}

  /** The range that is looked at; null for all of the run. */
  look(range: Range | null): void {
    this.range = range;
    this.looked.clear();
    this.wait();
  }

  /** The series with the finest rows there are of the range; the given one where it has them itself, or while they are on their way. */
  finer(series: Series, range: Range): Series {
    if (!this.looked.has(series.stream)) {
      this.looked.add(series.stream);
      if (this.timer === null) this.wait();
    }
    if (series.table.coarseUntil < range[0]) return series;
    const patch = this.find(series.stream, range);
    if (!patch || patch.table.width !== series.table.width) return series;
    this.follow(patch, series.table);
    return { ...series, table: patch.table };
  }

  get size(): { patches: number; bytes: number } {
    return { patches: this.kept.length, bytes: this.kept.reduce((sum, patch) => sum + patch.table.bytes, 0) };
  }

  /** A new attempt does the steps from `first` on again. */
  forget(first: number): void {
    this.era += 1;
    this.flying.clear();
    this.kept = this.kept.filter((patch) => patch.range[1] < first);
    this.version += 1;
    this.look(this.range);
  }

  close(): void {
    this.era += 1;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.range = null;
    this.kept = [];
  }

  /** The narrowest that holds the whole range. */
  private find(stream: StreamName, range: Range): Patch | null {
    const holding = this.kept.filter((patch) => patch.stream === stream && patch.range[0] <= range[0] && patch.range[1] >= Math.min(range[1], this.live.lastStep));
    const best = holding.toSorted((a, b) => widthOf(a.range) - widthOf(b.range))[0] ?? null;
    if (best && this.kept.at(-1) !== best) this.kept.push(...this.kept.splice(this.kept.indexOf(best), 1));
    return best;
  }

  /** Takes over what the run told since: of the rows behind its own, the live table has the finest. */
  private follow(patch: Patch, live: Table): void {
    if (!patch.open || patch.upTo === live.version) return;
    patch.upTo = live.version;
    const from = live.rowAt(Math.max(patch.table.lastStep, patch.range[0] - 1)) + 1;
    const to = live.rowAt(patch.range[1]) + 1;
    if (from >= to) return;
    const columns = Array.from({ length: live.width }, (_, column) => live.column(column));
    patch.table.append(live.steps.subarray(0, to), columns, from);
  }

  private wait(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = this.range === null ? null : setTimeout(() => this.ask(), REST);
  }

  private ask(): void {
    this.timer = null;
    const { range } = this;
    if (range === null) return;
    for (const stream of this.looked) if (this.wants(stream, range)) void this.fetch(stream, range);
  }

  private wants(stream: StreamName, range: Range): boolean {
    const table = this.live.table(stream);
    if (!table || table.length === 0 || table.coarseUntil < range[0]) return false;
    if ((this.notBefore.get(stream) ?? 0) > performance.now()) return false;
    const flying = this.flying.get(stream);
    if (flying && flying[0] === range[0] && flying[1] === range[1]) return false;
    const known = this.find(stream, range);
    return known === null || (known.table.coarseUntil >= range[0] && widthOf(known.range) > WIDEST * widthOf(range));
  }

  private async fetch(stream: StreamName, range: Range): Promise<void> {
    const { era } = this;
    this.flying.set(stream, range);
    const margin = MARGIN * widthOf(range);
    const from = Math.max(0, Math.floor(range[0] - margin));
    const to = Math.min(MOST_STEP, Math.ceil(range[1] + margin));
    const open = to >= this.live.lastStep;
    try {
      const rows = await this.host.fetch(stream, from, to, POINTS[stream]);
      if (era === this.era) this.keep({ stream, range: [from, to], table: tableOf(rows, this.live.table(stream)?.width ?? 0), open, upTo: -1 });
    } catch (error) {
      if (era !== this.era) return;
      this.notBefore.set(stream, performance.now() + PATIENCE);
      this.host.failed(error);
    } finally {
      if (this.flying.get(stream) === range) this.flying.delete(stream);
    }
  }

  private keep(patch: Patch): void {
    if (patch.table.length === 0) return;
    this.kept.push(patch);
    while (this.kept.length > 1 && this.size.bytes > MOST_BYTES) this.kept.shift();
    this.version += 1;
    painter.ask();
  }
}

const widthOf = ([from, to]: Range): number => to - from;
