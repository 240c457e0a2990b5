/** Sends images as they are drawn: one on its way at a time, so many a second at most, the newest always, and the last one of a stroke at once. */
export class ImageSender {
  private next: (() => Promise<void>) | null = null;
  private busy = false;
  private rested: () => void = () => undefined;

  /** `spacing`: least milliseconds between two. */
  constructor(private readonly spacing: () => number) {}

  /** `send` replaces whatever has not left yet. */
  offer(send: () => Promise<void>): void {
    this.next = send;
    if (!this.busy) void this.work();
  }

  /** The pen was lifted: what waits is what somebody wants to see read, and leaves as soon as the one before has arrived. */
  hurry(): void {
    if (this.next) this.rested();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.next) {
      const send = this.next;
      this.next = null;
      await Promise.all([send(), this.rest()]);
    }
    this.busy = false;
  }

  private rest(): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, this.spacing());
      this.rested = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
