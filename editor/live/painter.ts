/** One animation frame for everything that draws from the stream: many packets, one drawing, and none in a hidden tab. */

type Paint = () => void;

/** Milliseconds of a frame that drawings may take; those that find no room draw in the next, so that no frame is missed. */
const BUDGET = 7;

class Painter {
  private readonly paints = new Set<Paint>();
  /** Asked for and not yet done, the longest waiting first. */
  private readonly due = new Set<Paint>();
  private frame = 0;
  /** How often something that is drawn has changed. */
  news = 0;

  /** Calls `paint` in the next frame and in every frame that was asked for since. Returns the way to stop. */
  add(paint: Paint): () => void {
    this.paints.add(paint);
    this.again(paint);
    return () => {
      this.paints.delete(paint);
      this.due.delete(paint);
    };
  }

  /** One drawing has changed by itself: its size, or what was rendered around it. */
  again(paint: Paint): void {
    if (!this.paints.has(paint)) return;
    this.due.add(paint);
    this.schedule();
  }

  /** Something that is drawn has changed. */
  ask(): void {
    this.news += 1;
    for (const paint of this.paints) this.due.add(paint);
    this.schedule();
  }

  private schedule(): void {
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
    if (this.due.size > 0) this.schedule();
  }
}

export const painter = new Painter();
