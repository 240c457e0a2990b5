/** The inside of the network at past steps: asked for one at a time, the newest wish first; a few fetched ahead; kept within a bound. */
import type { WireRecord } from "../net/wire";
import { Inside } from "./inside";

/** Most bytes of pictures kept: some hundred moments of a small network, a few dozen of a large one. */
const MOST_BYTES = 48 * 1024 * 1024;
/** Bookkeeping of a moment without pictures, so that empty ones count too. */
const LEAST_BYTES = 1024;
/** Requests begin at least so many milliseconds apart, however fast the slider moves. */
const PACE = 40;
/** Pictures of the run's last steps may still be on their way to the site; answers so close to the end are not kept. */
const UNSETTLED_STEPS = 64;

interface Moment {
  inside: Inside;
  /** The newest step of its records: no picture was kept after it, up to `to`. */
  from: number;
  /** The latest step that was answered with these records. */
  to: number;
  bytes: number;
}

export interface MomentsHost {
  fetch: (step: number) => Promise<WireRecord[]>;
  /** The last step of the run that is known; infinite once it is over. */
  lastStep: () => number;
  /** A moment came: that of the newest wish, or one on the way there. */
  shown: (inside: Inside) => void;
  failed: (error: unknown) => void;
}

export class Moments {
  /** The least recently used first. */
  private kept: Moment[] = [];
  private bytes = 0;
  private wish: number | null = null;
  private ahead: readonly number[] = [];
  private flying = false;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private began = Number.NEGATIVE_INFINITY;
  /** Grows when what is on its way no longer counts. */
  private era = 0;

  constructor(
    private readonly host: MomentsHost,
    private readonly mostBytes = MOST_BYTES,
  ) {}

  /** Shows the moment of a step as soon as it is there, and then fetches `ahead`; null takes the wish back. */
  want(step: number | null, ahead: readonly number[] = []): void {
    this.wish = step;
    this.ahead = ahead;
    if (step === null) return;
    const known = this.find(step);
    if (known) {
      this.wish = null;
      this.host.shown(known);
    }
    this.next();
  }

  has(step: number): boolean {
    return this.place(step) >= 0;
  }

  get size(): { moments: number; bytes: number } {
    return { moments: this.kept.length, bytes: this.bytes };
  }

  /** A new attempt does the steps from `first` on again. */
  forget(first: number): void {
    this.era += 1;
    this.kept = this.kept.filter((moment) => moment.from < first);
    for (const moment of this.kept) moment.to = Math.min(moment.to, first - 1);
    this.bytes = this.kept.reduce((sum, moment) => sum + moment.bytes, 0);
  }

  close(): void {
    this.era += 1;
    this.wish = null;
    this.ahead = [];
    this.kept = [];
    this.bytes = 0;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private place(step: number): number {
    return this.kept.findIndex((moment) => step >= moment.from && step <= moment.to);
  }

  private find(step: number): Inside | null {
    const index = this.place(step);
    if (index < 0) return null;
    const [moment] = this.kept.splice(index, 1) as [Moment];
    this.kept.push(moment);
    return moment.inside;
  }

  private next(): void {
    if (this.flying || this.timer !== null) return;
    const step = this.wish ?? this.ahead.find((one) => !this.has(one));
    if (step === undefined) return;
    const rest = this.began + PACE - performance.now();
    if (rest > 0) {
      this.timer = setTimeout(() => {
        this.timer = null;
        this.next();
      }, rest);
      return;
    }
    void this.ask(step);
  }

  private async ask(step: number): Promise<void> {
    const { era } = this;
    const wished = step === this.wish;
    this.flying = true;
    this.began = performance.now();
    try {
      const records = await this.host.fetch(step);
      if (era === this.era) this.came(step, wished, records);
    } catch (error) {
      if (era === this.era) {
        if (step === this.wish) this.wish = null;
        this.ahead = [];
        this.host.failed(error);
      }
    } finally {
      this.flying = false;
      this.next();
    }
  }

  private came(step: number, wished: boolean, records: readonly WireRecord[]): void {
    const moment: Moment = { inside: new Inside(), from: 0, to: step, bytes: LEAST_BYTES };
    for (const record of records) {
      moment.inside.take(record);
      moment.from = Math.max(moment.from, Number(record.header.step ?? 0));
      moment.bytes += record.payload.byteLength;
    }
    const settled = step <= this.host.lastStep() - UNSETTLED_STEPS;
    const shown = settled ? this.keep(moment) : moment.inside;
    this.ahead = this.ahead.filter((one) => one !== step);
    if (step === this.wish) this.wish = null;
    // One on the way to the newest wish is shown as well: the page moves while the slider does.
    if (wished) this.host.shown(shown);
  }

  /** Answers with the same newest step are the same moment. */
  private keep(moment: Moment): Inside {
    const same = this.kept.find((known) => known.from === moment.from);
    if (same) {
      same.to = Math.max(same.to, moment.to);
      return same.inside;
    }
    this.kept.push(moment);
    this.bytes += moment.bytes;
    while (this.bytes > this.mostBytes && this.kept.length > 1) this.bytes -= (this.kept.shift() as Moment).bytes;
    return moment.inside;
  }
}
