/** One animation frame for everything that draws from the stream: many packets, one drawing, and none in a hidden tab. */

type Paint = () => void;

class Painter {
  private readonly paints = new Set<Paint>();
  private frame = 0;

  /** Calls `paint` in the next frame and in every frame that was asked for since. Returns the way to stop. */
  add(paint: Paint): () => void {
    this.paints.add(paint);
    this.ask();
    return () => this.paints.delete(paint);
  }

  /** Something that is drawn has changed. */
  ask(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      for (const paint of Array.from(this.paints)) paint();
    });
  }
}

export const painter = new Painter();
