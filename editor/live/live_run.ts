/** A run's telemetry in memory: decodes records into tables and the inside view. Knows nothing of React, sockets or canvases. */
import type { Alert, Attempt, Column, Event, Failed, Finished, Progress, Rows, RunView, Started, Stream } from "../generated/types";
import { readContainer, readRecord, type WireRecord } from "../net/wire";
import { Alerts } from "./alerts";
import { Inside } from "./inside";
import { appendRecord } from "./row_records";
import { ROW_LIMIT, Table } from "./table";

export type StreamName = Stream["name"];
export type Quantity = Column["quantity"];

/** Sixty layers have hundreds of columns: fewer rows, the same few megabytes. */
const LIMITS: Record<StreamName, number> = { steps: ROW_LIMIT, layers: 6_000, validation: 4_000, training: 4_000 };
/** Beyond this number the oldest epochs and checkpoints go; what charts mark stays. */
const MOST_EVENTS = 2_000;
const PASSING: ReadonlySet<Event["name"]> = new Set<Event["name"]>(["epoch", "checkpoint"]);

/** A column of a stream's table. */
export interface Series {
  stream: StreamName;
  table: Table;
  column: number;
}

export function valueOf(series: Series | null, step: number): number {
  return series?.table.valueAt(series.column, step) ?? Number.NaN;
}

export class LiveRun {
  started: Started | null = null;
  attempts: Attempt[] = [];
  events: Event[] = [];
  readonly alerts = new Alerts();
  progress: Progress | null = null;
  finished: Finished | null = null;
  failed: Failed | null = null;
  readonly inside = new Inside();
  /** Grows with everything that is taken in. */
  version = 0;
  private readonly tables = new Map<StreamName, Table>();
  private columns = new Map<string, number>();
  /** The newest attempt heard of. */
  private newest = 0;
  private readonly attemptOf = new Map<StreamName, number>();

  /** What the API or the socket's snapshot says of the run. */
  describe(run: RunView): void {
    this.attempts = run.attempts;
    this.progress = run.progress ?? this.progress;
    if (run.started) this.begin(run.started);
    this.finished = run.finished;
    this.failed = run.failed;
    this.supersede();
    for (const event of run.events) this.note(event);
    for (const alert of run.alerts) this.alert(alert);
    this.version += 1;
  }

  takeContainer(container: Uint8Array): void {
    for (const bytes of readContainer(container)) this.take(readRecord(bytes));
  }

  take(record: WireRecord): void {
    this.version += 1;
    const { header } = record;
    if (header.kind === "rows") this.rows(header as unknown as Rows, record.payload);
    else if (header.kind === "started") this.begin(header as unknown as Started);
    else if (header.kind === "progress") this.progress = header as unknown as Progress;
    else if (header.kind === "event") this.note(header as unknown as Event);
    else if (header.kind === "alert") this.alert(header as unknown as Alert);
    else if (header.kind === "finished") this.finished = header as unknown as Finished;
    else if (header.kind === "failed") this.failed = header as unknown as Failed;
    else this.inside.take(record);
  }

  /** Whether a container holds the run's very first row, and nothing of it is here: no earlier one is missing then. */
  opensWith(container: Uint8Array): boolean {
    if (this.lastStep > 0) return false;
    return Array.from(readContainer(container)).some((bytes) => {
      const { header, payload } = readRecord(bytes);
      const { kind, stream, level } = header as unknown as Rows;
      return kind === "rows" && stream === "steps" && level === 0 && new DataView(payload.buffer, payload.byteOffset).getUint32(0, true) === 0;
    });
  }

  table(stream: StreamName): Table | null {
    return this.tables.get(stream) ?? null;
  }

  /** Where a figure of training stands, in whichever stream its probe writes to; null where the run does not measure it. */
  series(quantity: Quantity, layer: string | null = null): Series | null {
    return this.column("steps", quantity, layer) ?? this.column("layers", quantity, layer);
  }

  /** Where a figure of one stream stands. */
  column(stream: StreamName, quantity: Quantity, layer: string | null = null): Series | null {
    const column = this.columns.get(`${stream} ${quantity} ${layer ?? ""}`);
    const table = this.tables.get(stream);
    return column === undefined || !table ? null : { stream, table, column };
  }

  /** A training figure at or before a step; NaN where it is not measured. */
  value(quantity: Quantity, layer: string | null = null, step = Number.POSITIVE_INFINITY): number {
    return valueOf(this.series(quantity, layer), step);
  }

  heldOut(quantity: "loss" | "accuracy", step = Number.POSITIVE_INFINITY): number {
    return valueOf(this.column("validation", quantity), step);
  }

  /** Steps done, as far as this page has heard. */
  get lastStep(): number {
    const told = Math.max(this.progress?.step ?? 0, this.finished?.step ?? 0, this.failed?.step ?? 0);
    return Math.max(0, told, (this.table("steps")?.lastStep ?? -1) + 1);
  }

  private begin(started: Started): void {
    if (this.started?.attempt === started.attempt) return;
    this.started = started;
    this.finished = this.failed = null;
    if (!this.attempts.some((known) => known.attempt === started.attempt))
      this.attempts = [...this.attempts, { attempt: started.attempt, first_step: started.first_step }];
    this.supersede();
    this.columns = new Map();
    for (const stream of started.streams) {
      stream.columns.forEach((column, index) => this.columns.set(`${stream.name} ${column.quantity} ${column.layer ?? ""}`, index));
      const known = this.tables.get(stream.name);
      if (known?.width !== stream.columns.length) this.tables.set(stream.name, new Table(stream.columns.length, LIMITS[stream.name]));
    }
  }

  /**
   * Lets go of what newer attempts do again, before any of their rows are here: what is fetched next begins where rows end.
   * The site leaves out the same flags, so that an open page and a fresh one show the same.
   */
  private supersede(): void {
    for (const { attempt, first_step: first } of this.attempts) {
      if (attempt > this.newest && this.newest > 0) {
        this.events = this.events.filter((event) => event.step <= first);
        this.alerts.cut(first);
        this.flagAlerts();
      }
      for (const [stream, table] of this.tables) if (attempt > (this.attemptOf.get(stream) ?? attempt)) table.truncate(first - 1);
    }
    this.newest = Math.max(this.newest, ...this.attempts.map((known) => known.attempt));
  }

  private rows(header: Rows, payload: Uint8Array): void {
    const table = this.tables.get(header.stream);
    if (!table || table.width !== header.columns) return;
    const current = this.attemptOf.get(header.stream) ?? 0;
    if (header.attempt < current) return;
    if (header.attempt > current) {
      const attempt = this.attempts.find((known) => known.attempt === header.attempt);
      if (attempt) table.truncate(attempt.first_step - 1);
      this.attemptOf.set(header.stream, header.attempt);
    }
    appendRecord(table, header, payload, this.lastStepOf(header.attempt));
  }

  /** The last row of this attempt that counts: a later attempt does its own first step, counted from 0, and all after it again. */
  private lastStepOf(attempt: number): number {
    const later = this.attempts.filter((known) => known.attempt > attempt).map((known) => known.first_step - 1);
    return Math.min(Number.POSITIVE_INFINITY, ...later);
  }

  private alert(alert: Alert): void {
    if (this.alerts.take(alert)) this.flagAlerts();
  }

  /** Alerts are flags among the events, so that whatever draws those draws these. */
  private flagAlerts(): void {
    this.events = [...this.events.filter((event) => event.name !== "alert"), ...this.alerts.flags];
  }

  private note(event: Event): void {
    const same = (known: Event) => known.step === event.step && known.name === event.name && known.message === event.message;
    if (this.events.some(same)) return;
    this.events.push(event);
    if (this.events.length <= MOST_EVENTS) return;
    const oldest = this.events.findIndex((known) => PASSING.has(known.name));
    if (oldest >= 0) this.events.splice(oldest, 1);
  }
}
