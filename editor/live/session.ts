/** Joins a run: opens the socket, holds live records back while the history is fetched, then lets them in, row by row once. */
import type { RunView } from "../generated/types";
import { api } from "../net/api";
import { ApiError } from "../net/errors";
import { RunSocket, socketUrl, type Connection } from "../net/socket";
import { Details } from "./details";
import { fetchFrames, fetchHistory } from "./fetch";
import type { Inside } from "./inside";
import { LiveRun, type StreamName } from "./live_run";
import { Moments } from "./moments";
import { painter } from "./painter";

export interface SessionHandlers {
  run(view: RunView): void;
  connection(state: Connection, words: string): void;
  /** The history has been read; what is drawn is the whole run. */
  ready(): void;
  /** A past moment, or the history, could not be read. */
  failed(error: unknown): void;
  /** A new attempt goes on from `first`: what came after it is done again. */
  superseded(first: number): void;
}

export class RunSession {
  readonly live = new LiveRun();
  /** The inside at the step where the page is frozen; null while it shows the newest. */
  still: Inside | null = null;
  private socket: RunSocket | null = null;
  private waiting: Uint8Array[] | null = null;
  private joins = 0;
  private frozen = false;
  private attempts = 0;
  private readonly moments: Moments;
  /** Finer rows of what is zoomed into. */
  readonly details: Details;

  constructor(
    readonly run: string,
    private readonly handlers: SessionHandlers,
  ) {
    this.moments = new Moments({
      fetch: (step) => fetchFrames(this.run, step),
      lastStep: () => (this.live.finished || this.live.failed ? Number.POSITIVE_INFINITY : this.live.lastStep),
      shown: (inside) => {
        if (!this.frozen) return;
        this.still = inside;
        painter.ask();
      },
      failed: (error) => this.handlers.failed(error),
    });
    this.details = new Details(this.live, {
      fetch: (stream, from, to, points) => fetchHistory(this.run, stream, from, points, to),
      failed: (error) => console.error("Finer rows could not be read; the coarse ones stay.", error),
    });
  }

  open(): void {
    this.socket?.close();
    this.socket = new RunSocket(socketUrl(this.run), {
      snapshot: (view, seq) => void this.join(view, seq),
      run: (view) => this.changed(view),
      frame: (_, container) => this.frame(container),
      connection: (state, words) => this.connection(state, words),
    });
  }

  /** What the figure and the panels show: the frozen moment, else the newest. */
  get inside(): Inside {
    return this.still ?? this.live.inside;
  }

  /** Shows the inside as it was at a step, and fetches those ahead; null goes back to the newest. */
  freeze(step: number | null, ahead: readonly number[] = []): void {
    this.frozen = step !== null;
    if (step === null) this.still = null;
    this.moments.want(step, ahead);
    painter.ask();
  }

  /** Whether the inside of a step would be shown at once. */
  knows(step: number): boolean {
    return this.moments.has(step);
  }

  close(): void {
    this.joins += 1;
    this.moments.close();
    this.details.close();
    this.socket?.close();
  }

  /** A socket refused before it opened has no close code to read: the API says whether the run is there. */
  private connection(state: Connection, words: string): void {
    this.handlers.connection(state, words);
    if (state !== "reconnecting" || this.joins > 0) return;
    api.run(this.run).catch((error: unknown) => {
      if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 403)) return;
      this.close();
      this.handlers.connection("refused", error.message);
    });
  }

  private async join(view: RunView, seq: number): Promise<void> {
    const hasHistory = view.attempt > 1 || seq > 1; // the first record of all only says that the run has started
    this.joins += 1;
    const join = this.joins;
    this.waiting = [];
    this.changed(view);
    try {
      if (view.started && hasHistory) await this.catchUp(join);
    } catch (error) {
      console.error("The history could not be read; the live part goes on.", error);
      if (join === this.joins) this.handlers.failed(error);
    }
    if (join === this.joins) this.letIn();
  }

  private letIn(): void {
    const held = this.waiting ?? [];
    this.waiting = null;
    for (const container of held) this.live.takeContainer(container);
    this.handlers.ready();
    painter.ask();
  }

  private async catchUp(join: number): Promise<void> {
    const next = (stream: StreamName) => (this.live.table(stream)?.lastStep ?? -1) + 1;
    const container = await api.recording(this.run, { steps: next("steps"), layers: next("layers"), validation: next("validation"), training: next("training") });
    if (join === this.joins) this.live.takeContainer(new Uint8Array(container));
  }

  private changed(view: RunView): void {
    this.live.describe(view);
    this.noticeAttempt();
    this.handlers.run(view);
    painter.ask();
  }

  private frame(container: Uint8Array): void {
    if (this.waiting) {
      this.waiting.push(container);
      if (!this.live.opensWith(container)) return;
      this.joins += 1; // the history that is fetched is all here
      this.letIn();
      return;
    }
    this.live.takeContainer(container);
    this.noticeAttempt();
    painter.ask();
  }

  private noticeAttempt(): void {
    const { attempts } = this.live;
    const first = attempts.slice(this.attempts).reduce((least, attempt) => Math.min(least, attempt.first_step), Number.POSITIVE_INFINITY);
    const before = this.attempts;
    this.attempts = attempts.length;
    if (before === 0 || attempts.length <= before) return;
    this.moments.forget(first + 1);
    this.details.forget(first);
    this.handlers.superseded(first);
  }
}
