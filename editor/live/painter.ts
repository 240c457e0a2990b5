/** One animation frame for everything that draws from the stream: many packets, one drawing, and none in a hidden tab. */

type Paint = () => void;

/** Milliseconds of a frame that drawings may take; those that find no room draw in the next, so that no frame is missed. */
const BUDGET = 7;

class Painter {
  private readonly paints = new Set<Paint>();
  /** Asked for and not yet done, the longest waiting first. */
  private readonly due = new Set<Paint>();
  private frame = 0;

  /** Calls `paint` in the next frame and in every frame that was asked for since. Returns the way to stop. */
  add(paint: Paint): () => void {
    this.paints.add(paint);
    this.ask();
    return () => {
      this.paints.delete(paint);
      this.due.delete(paint);
    };
  }

  /** Something that is drawn has changed. */
  ask(): void {
    for (const paint of this.paints) this.due.add(paint);
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    this.frame = 0;
    const end = performance.now() + BUDGET;
    // What a drawing asks for waits for the next frame.
    for (const paint of Array.from(this.due)) {
      if (!this.due.delete(paint)) continue;
      paint();
      if (performance.now() >= end) break;
    }
    if (this.due.size > 0 && this.frame === 0) this.frame = requestAnimationFrame(() => this.paint());
  }
}

export const painter = new Painter();
