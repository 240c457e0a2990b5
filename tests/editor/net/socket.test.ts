import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff, RunSocket, type RunSocketHandlers, socketUrl } from "../../../editor/net/socket";
import { wireBytes } from "./wire_bytes";

/** The browser's side of a socket, told by the test what arrives. */
class Line extends EventTarget {
  static readonly OPEN = 1;
  static made: Line[] = [];
  readyState = 1;
  binaryType = "blob";
  sent: string[] = [];
  constructor(readonly url: string) {
    super();
    Line.made.push(this);
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
  }
  hear(data: unknown) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
  drop(code: number) {
    this.readyState = 3;
    this.dispatchEvent(new CloseEvent("close", { code }));
  }
}

const SNAPSHOT = JSON.stringify({ kind: "snapshot", run: { id: "r" }, seq: 4 });
const frame = () => wireBytes("frame").buffer;

function listen() {
  const heard = {
    snapshot: vi.fn<RunSocketHandlers["snapshot"]>(),
    run: vi.fn<RunSocketHandlers["run"]>(),
    frame: vi.fn<RunSocketHandlers["frame"]>(),
    connection: vi.fn<RunSocketHandlers["connection"]>(),
  };
  return { heard, socket: new RunSocket("ws://here/ws/runs/r/", heard) };
}

describe("RunSocket", () => {
  beforeEach(() => {
    Line.made = [];
    vi.stubGlobal("WebSocket", Line);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("confirms from the message handler all bytes it has received", () => {
    const { heard } = listen();
    const [line] = Line.made as [Line];
    line.hear(SNAPSHOT);
    line.hear(frame());
    line.hear(frame());
    const size = frame().byteLength;
    expect(line.sent.map((text) => JSON.parse(text) as unknown)).toEqual([
      { kind: "credit", bytes: size },
      { kind: "credit", bytes: 2 * size },
    ]);
    expect(heard.frame).toHaveBeenCalledTimes(2);
    expect(heard.frame.mock.calls[0]?.[0]).toMatchObject({ kind: "frame", seq: 9 });
    expect(heard.snapshot).toHaveBeenCalledWith({ id: "r" }, 4);
  });

  it("counts anew and says so after a loss, whatever the code", () => {
    const { heard } = listen();
    Line.made[0]?.hear(SNAPSHOT);
    Line.made[0]?.hear(frame());
    Line.made[0]?.drop(4408);
    expect(heard.connection).toHaveBeenLastCalledWith("reconnecting", "");
    vi.advanceTimersByTime(10_000);
    const second = Line.made[1] as Line;
    second.hear(SNAPSHOT);
    second.hear(frame());
    expect(JSON.parse(second.sent[0] ?? "")).toEqual({ kind: "credit", bytes: frame().byteLength });
    expect(heard.connection).toHaveBeenLastCalledWith("open", "");
    expect(heard.snapshot).toHaveBeenCalledTimes(2);
  });

  it.each([4403, 4404, 4410])("gives up with words on %i", (code) => {
    const { heard } = listen();
    Line.made[0]?.drop(code);
    vi.advanceTimersByTime(60_000);
    expect(Line.made).toHaveLength(1);
    expect(heard.connection).toHaveBeenLastCalledWith("refused", expect.stringMatching(/\w/));
  });

  it("does not come back once it was closed", () => {
    const { socket } = listen();
    socket.close();
    Line.made[0]?.drop(1006);
    vi.advanceTimersByTime(60_000);
    expect(Line.made).toHaveLength(1);
  });

  it("still confirms a frame that it cannot read", () => {
    const words = vi.spyOn(console, "error").mockImplementation(() => {});
    listen();
    Line.made[0]?.hear(new Uint8Array([1, 2]).buffer);
    expect(Line.made[0]?.sent).toEqual(['{"kind":"credit","bytes":2}']);
    expect(words).toHaveBeenCalledOnce();
  });

  it("waits longer each time, up to ten seconds, and never all viewers at once", () => {
    expect([0, 1, 2, 20].map((attempt) => backoff(attempt, 1))).toEqual([250, 500, 1000, 10_000]);
    expect(backoff(3, 0)).toBe(1000);
  });

  it("speaks the page's own protocol", () => {
    expect(socketUrl("a/b", { protocol: "https:", host: "x" } as Location)).toBe("wss://x/ws/runs/a%2Fb/");
    expect(socketUrl("r", { protocol: "http:", host: "x:8000" } as Location)).toBe("ws://x:8000/ws/runs/r/");
  });
});
