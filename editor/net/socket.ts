/** The viewer's socket of one run: snapshot, frames, state changes; credit for what arrived; reconnects by itself. */
import type { Frame, RunView } from "../generated/types";
import { readRecord, WireError } from "./wire";

export type Connection = "connecting" | "open" | "reconnecting" | "refused" | "closed";

export interface RunSocketHandlers {
  /** Every (re)connection begins with one. Rows up to `seq` are in storage already. */
  snapshot(run: RunView, seq: number): void;
  run(run: RunView): void;
  /** `container` holds telemetry records. */
  frame(header: Frame, container: Uint8Array): void;
  connection(state: Connection, words: string): void;
}

/** What the server's close codes mean to a person. These are not tried again. */
const REFUSALS: Record<number, string> = {
  4403: "This run is not shared with you. Ask its owner for a link.",
  4410: "This run was shared, and no longer is: the link was revoked or has expired. Ask whoever sent it for a new one.",
  4404: "There is no such run. It may have been deleted.",
};

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** Full jitter (up to doubling bounds), so that a class of viewers does not return in one wave. */
export function backoff(attempt: number, random: number = Math.random()): number {
  const bound = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return bound / 2 + (bound / 2) * random;
}

export function socketUrl(run: string, location: Location = window.location): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/runs/${encodeURIComponent(run)}/`;
}

export class RunSocket {
  private socket: WebSocket | null = null;
  private received = 0;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private ended = false;

  constructor(
    private readonly url: string,
    private readonly handlers: RunSocketHandlers,
  ) {
    this.open();
  }

  close(): void {
    this.ended = true;
    if (this.timer) clearTimeout(this.timer);
    this.socket?.close(1000);
    this.handlers.connection("closed", "");
  }

  private open(): void {
    this.handlers.connection(this.failures === 0 ? "connecting" : "reconnecting", "");
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.received = 0;
    socket.addEventListener("message", (event: MessageEvent) => this.message(socket, event.data as string | ArrayBuffer));
    socket.addEventListener("close", (event: CloseEvent) => this.lost(event.code));
  }

  private message(socket: WebSocket, data: string | ArrayBuffer): void {
    if (this.ended) return;
    if (typeof data === "string") {
      this.told(JSON.parse(data) as { kind: string; run: RunView; seq: number });
      return;
    }
    this.received += data.byteLength;
    try {
      const { header, payload } = readRecord(new Uint8Array(data));
      if (header.kind === "frame") this.handlers.frame(header as unknown as Frame, payload);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      console.error(`A frame could not be read: ${error.message}`);
    } finally {
      // From the handler and not from a timer: browsers slow the timers of tabs in the background.
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ kind: "credit", bytes: this.received }));
    }
  }

  private told(message: { kind: string; run: RunView; seq: number }): void {
    if (message.kind === "snapshot") {
      this.failures = 0;
      this.handlers.connection("open", "");
      this.handlers.snapshot(message.run, message.seq);
    } else if (message.kind === "run") this.handlers.run(message.run);
  }

  private lost(code: number): void {
    if (this.ended) return;
    const words = REFUSALS[code];
    if (words !== undefined) {
      this.ended = true;
      this.handlers.connection("refused", words);
      return;
    }
    // 4408 says that this page fell behind; the next snapshot fills the gap from storage like any other loss.
    this.failures += 1;
    this.handlers.connection("reconnecting", "");
    this.timer = setTimeout(() => this.open(), backoff(this.failures - 1));
  }
}
