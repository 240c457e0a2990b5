/** Plays a run: a step at a time, or many, so that the whole takes a fixed time; waits where the pictures are not there yet. */

/** Seconds that a whole run takes at speed 1, however long it trained. */
export const WHOLE_SECONDS = 20;
export const SPEEDS = [0.5, 1, 2, 4] as const;
const BEATS_PER_SECOND = 10;
/** Beats after which the play goes on without the pictures. */
const PATIENCE = 20;
/** Moments fetched ahead. */
const AHEAD = 3;

export interface PlayerHost {
  /** The step that is shown. */
  step: () => number;
  /** The last step that can be shown. */
  end: () => number;
  /** Whole runs in WHOLE_SECONDS. */
  speed: () => number;
  ready: (step: number) => boolean;
  go: (step: number, ahead: readonly number[]) => void;
  /** The end was reached. */
  ended: () => void;
  /** It began or stopped. */
  changed: (playing: boolean) => void;
}

export class Player {
  private timer: ReturnType<typeof setInterval> | null = null;
  /** Between steps where a run is short. */
  private place = 0;
  private waited = 0;

  constructor(private readonly host: PlayerHost) {}

  get playing(): boolean {
    return this.timer !== null;
  }

  /** From the step that is shown; from the start where that is the end. */
  play(): void {
    if (this.playing) return;
    this.place = this.host.step() >= this.host.end() ? 0 : this.host.step();
    this.waited = 0;
    this.timer = setInterval(() => this.beat(), 1000 / BEATS_PER_SECOND);
    this.host.go(Math.floor(this.place), this.ahead());
    this.host.changed(true);
  }

  stop(): void {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    this.host.changed(false);
  }

  private get stride(): number {
    return (this.host.speed() * Math.max(1, this.host.end())) / (WHOLE_SECONDS * BEATS_PER_SECOND);
  }

  private ahead(): number[] {
    const end = this.host.end();
    return Array.from({ length: AHEAD }, (_, index) => Math.min(end, Math.floor(this.place + (index + 1) * this.stride)));
  }

  private beat(): void {
    const next = this.place + this.stride;
    if (next >= this.host.end()) {
      this.stop();
      this.host.ended();
      return;
    }
    if (!this.host.ready(Math.floor(next)) && this.waited < PATIENCE) {
      this.waited += 1;
      return;
    }
    this.waited = 0;
    const moved = Math.floor(next) !== Math.floor(this.place);
    this.place = next;
    if (moved) this.host.go(Math.floor(next), this.ahead());
  }
}
