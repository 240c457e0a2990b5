/** The histograms of a run's first step, asked for once: what a later one is compared with. */
import { fetchFrames } from "./fetch";
import { type HistogramView, Inside } from "./inside";
import { painter } from "./painter";

/** Weights are counted after the first update, the rest before it. */
const FIRST_UPDATE = 1;

/** Milliseconds after which the site is asked again, where the first ones had not been stored yet. */
const PATIENCE = 2_000;

export class FirstHistograms {
  private askAgain = 0;
  private readonly inside = new Inside();

  constructor(private readonly run: string) {}

  /** Undefined while it is on its way, and where the layer had no turn at the first step. */
  get(key: string): HistogramView | undefined {
    return this.inside.histograms.get(key);
  }

  get version(): number {
    return this.inside.version;
  }

  /** Asks the site where it has something to answer and was not asked yet. */
  fetch(steps: number): void {
    const now = performance.now();
    if (steps < 1 || now < this.askAgain) return;
    this.askAgain = Number.POSITIVE_INFINITY;
    fetchFrames(this.run, FIRST_UPDATE, "histogram").then(
      (records) => {
        for (const record of records) this.inside.take(record);
        if (records.length === 0) this.askAgain = now + PATIENCE;
        painter.ask();
      },
      (error: unknown) => console.error("The first histograms could not be read; the newest are shown alone.", error),
    );
  }
}
