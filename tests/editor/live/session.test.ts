import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RunSession, type SessionHandlers } from "../../../editor/live/session";
import type { RunView } from "../../../editor/generated/types";
import { api } from "../../../editor/net/api";
import { anticipate, openRun, prepare, useRun } from "../../../editor/store/run";
import { useExperiment } from "../../../editor/store/experiment";
import { readRecord } from "../../../editor/net/wire";
import { container, frame, wireBytes } from "../net/wire_bytes";

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
  Line.made[0]?.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ kind: "snapshot", run: RUN, seq: 2 }) }));
  await vi.waitFor(() => expect(handlers.ready).toHaveBeenCalledOnce());
  expect(handlers.failed.mock.calls).toEqual([[gone]]);
  session.close();
});

test("one run is listened to at a time", () => {
  const close = openRun("first");
  const another = openRun("second");
  expect(Line.made.map(({ closed }) => closed)).toEqual([true, false]);
  close();
  expect(useRun.getState().session?.run).toBe("second");
  another();
  expect(Line.made.map(({ closed }) => closed)).toEqual([true, true]);
});

test("a page that is come back to while the site is asked to begin its run waits for the answer, too", () => {
  useExperiment.setState({ starting: "r", name: "Mine" });
  const close = openRun("r");
  expect(Line.made).toEqual([]);
  expect(useRun.getState().pressed).toBe("Mine");
  useExperiment.setState({ starting: null });
  anticipate(view("queued"));
  expect(Line.made).toHaveLength(1);
  close();
});

/** What the site tells over the newest socket. */
const tell = (data: object | ArrayBuffer) => Line.made.at(-1)?.dispatchEvent(new MessageEvent("message", { data: data instanceof ArrayBuffer ? data : JSON.stringify(data) }));
const view = (state: string, more: object = {}) => ({ ...RUN, state, fetching: null, network: { format: 1, name: "", nodes: [], edges: [] }, started: null, ...more }) as unknown as RunView;

test.each([
  [1, 1, 0],
  [1, 2, 1],
  [2, 1, 1],
])("attempt %i, of which %i records are stored: the history is asked for %i times", (attempt, seq, asked) => {
  vi.spyOn(api, "recording").mockReturnValue(new Promise(() => undefined));
  const close = openRun("r");
  tell({ kind: "snapshot", run: view("running", { attempt, started: readRecord(wireBytes("started")).header }), seq });
  expect(api.recording).toHaveBeenCalledTimes(asked);
  expect(useRun.getState().ready).toBe(asked === 0);
  close();
});

test("the first row of all is shown at once, though the history is still asked for", async () => {
  vi.spyOn(api, "recording").mockReturnValue(new Promise(() => undefined));
  const close = openRun("r");
  tell({ kind: "snapshot", run: view("running", { started: readRecord(wireBytes("started")).header }), seq: 2 });
  const { session } = useRun.getState();
  expect(api.recording).toHaveBeenCalledOnce();
  tell(frame(container("event")));
  expect(session?.live.events).toEqual([]); // rows before it may be missing
  tell(frame(container("rows")));
  expect([session?.live.lastStep, session?.live.events.length]).toEqual([3, 1]);
  expect(useRun.getState().ready).toBe(true);
  close();
});

describe("a run that Train was pressed for", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    prepare("r", "Mine");
  });
  afterEach(() => {
    openRun("r")();
    vi.useRealTimers();
  });

  test("is not drawn anew for what is told before its first step", async () => {
    await vi.advanceTimersByTimeAsync(5000); // the site does not answer
    expect(Line.made).toEqual([]);
    expect(useRun.getState().pressed).toBe("Mine");
    anticipate(view("queued"));
    tell({ kind: "snapshot", run: view("leased"), seq: 0 });
    tell({ kind: "run", run: view("running") });
    expect(useRun.getState()).toMatchObject({ pressed: "Mine", run: null });
    tell(frame(container("started", "rows")));
    await vi.advanceTimersByTimeAsync(100);
    expect(useRun.getState()).toMatchObject({ pressed: null, run: { state: "running" } });
  });

  test("is shown as it waits where the first step does not come soon", async () => {
    anticipate(view("queued"));
    await vi.advanceTimersByTimeAsync(499);
    expect(useRun.getState().run).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(useRun.getState()).toMatchObject({ pressed: null, run: { state: "queued" } });
  });

  test.each([view("failed"), view("stopped"), view("queued", { fetching: { title: "MNIST", bytes: 0, total: 1, stage: "fetching" } })])("is shown at once where there is more to tell: %#", (run) => {
    anticipate(view("queued"));
    tell({ kind: "snapshot", run, seq: 0 });
    expect(useRun.getState()).toMatchObject({ pressed: null, run: { state: run.state } });
  });
});
