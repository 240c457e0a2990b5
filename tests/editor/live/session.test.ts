import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunSession, type SessionHandlers } from "../../../editor/live/session";
import type { RunView } from "../../../editor/generated/types";
import { api } from "../../../editor/net/api";
import { openRun, useRun, anticipate } from "../../../editor/store/run";

/** The browser's side of a socket, told by the test what arrives. */
class Line extends EventTarget {
  static made: Line[] = [];
  closed = false;
  constructor() {
    super();
    Line.made.push(this);
  }
  send() {}
  close() {
    this.closed = true;
  }
}

const RUN = { id: "r", state: "running", attempts: [], watched: [], events: [], alerts: [], started: { layers: [] } } as unknown as RunView;

beforeEach(() => {
  Line.made = [];
  vi.stubGlobal("WebSocket", Line);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("a history that cannot be read is told of, and the live part goes on", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const gone = new Error("The site does not answer.");
  vi.spyOn(api, "recording").mockRejectedValue(gone);
  const handlers = {
    run: vi.fn<SessionHandlers["run"]>(),
    connection: vi.fn<SessionHandlers["connection"]>(),
    ready: vi.fn<SessionHandlers["ready"]>(),
    failed: vi.fn<SessionHandlers["failed"]>(),
    superseded: vi.fn<SessionHandlers["superseded"]>(),
  };
  const session = new RunSession("r", handlers);
  session.open();
  Line.made[0]?.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ kind: "snapshot", run: RUN, seq: 0 }) }));
  await vi.waitFor(() => expect(handlers.ready).toHaveBeenCalledOnce());
  expect(handlers.failed.mock.calls).toEqual([[gone]]);
  session.close();
});

test("one run is listened to at a time", () => {
  const close = openRun("first");
  anticipate({ ...RUN, id: "second", network: { format: 1, name: "", nodes: [], edges: [] } as unknown as RunView["network"], started: null });
  expect(Line.made.map(({ closed }) => closed)).toEqual([true, false]);
  close();
  expect(useRun.getState().session?.run).toBe("second");
  openRun("second")();
  expect(Line.made.map(({ closed }) => closed)).toEqual([true, true]);
});
