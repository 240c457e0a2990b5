/** Sends images as they are drawn: one on its way at a time, five a second at most, the newest always. */
export class ImageSender {
  private next: (() => Promise<void>) | null = null;
  private busy = false;

  constructor(private readonly spacing = 200) {}

  /** `send` replaces whatever has not left yet. */
  offer(send: () => Promise<void>): void {
    this.next = send;
    if (!this.busy) void this.work();
  }

  private async work(): Promise<void> {
    this.busy = true;
    while (this.next) {
      const send = this.next;
      this.next = null;
      await Promise.all([send(), new Promise((done) => setTimeout(done, this.spacing))]);
    }
    this.busy = false;
  }
}
