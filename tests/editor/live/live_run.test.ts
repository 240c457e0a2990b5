import { describe, expect, it } from "vitest";
import { LiveRun } from "../../../editor/live/live_run";
import { container } from "../net/wire_bytes";

const run = (...names: Parameters<typeof container>) => {
  const live = new LiveRun();
  live.takeContainer(container(...names));
  return live;
};
const losses = (live: LiveRun) => Array.from(live.table("steps")?.column(0) ?? []);

describe("LiveRun", () => {
  it("takes rows of streams that were announced", () => {
    const live = run("started", "rows");
    expect(losses(live)).toEqual([2.5, 1.5, Number.NaN]);
    expect(live.value("loss")).toBe(1.5);
    expect(live.value("accuracy", null, 1)).toBe(0.25);
    expect(live.value("update_ratio", "c1")).toBeNaN();
    expect(live.lastStep).toBe(3);
  });

  it("knows the container with the first row of all, before which nothing can be missing", () => {
    const live = run("started");
    expect([container("rows"), container("event", "rows"), container("second"), container("event")].map((one) => live.opensWith(one))).toEqual([true, true, false, false]);
    expect(run("started", "rows").opensWith(container("rows"))).toBe(false);
  });

  it("drops rows that the history brought already", () => {
    expect(losses(run("started", "rows", "again"))).toEqual([2.5, 1.5, Number.NaN, 1.25]);
  });

  it("lets a later attempt replace what came after its first step", () => {
    const live = run("started", "rows", "superseded", "restarted", "second");
    expect(Array.from(live.table("steps")?.steps ?? [])).toEqual([0, 1, 2, 3, 4, 5]);
    expect(losses(live).slice(3)).toEqual([7, 0.5, 0.25]);
  });

  it("lets go of rows and flags that a later attempt does again as soon as it hears of it, so that the history closes the gap", () => {
    const live = run("started", "rows", "superseded");
    const killed = { kind: "event", step: 6, name: "warning", message: "The training process was killed.", value: null, time: 0 };
    live.take({ header: killed, payload: new Uint8Array() });
    live.takeContainer(container("restarted"));
    expect(live.table("steps")?.lastStep).toBe(3);
    expect(live.events.filter((event) => event.name === "warning")).toEqual([]);
  });

  it("drops superseded rows that arrive late", () => {
    const known = run("started", "restarted", "rows", "superseded", "second");
    expect(losses(known).slice(2)).toEqual([Number.NaN, 7, 0.5, 0.25]);
    expect(losses(run("started", "restarted", "second", "superseded"))).toEqual([0.5, 0.25]);
  });

  it("keeps flags once, however often they are told", () => {
    expect(run("started", "event", "event").events).toHaveLength(1);
  });

  it("stays small however many epochs it takes, and keeps what charts mark", () => {
    const live = run("started");
    const told = (name: string, step: number) => live.take({ header: { kind: "event", name, step, message: "", value: null, time: 0 }, payload: new Uint8Array() });
    told("learning_rate", 3);
    for (let step = 0; step < 3_000; step += 1) told("epoch", step);
    expect(live.events.length).toBeLessThanOrEqual(2_000);
    expect(live.events.filter((event) => event.name === "learning_rate")).toHaveLength(1);
    expect(live.events.at(-1)?.step).toBe(2_999);
  });

  it("keeps the newest maps of each layer, and only their own bytes", () => {
    const maps = run("started", "maps").inside.maps.get("r1");
    expect(Array.from(maps?.bytes ?? [])).toEqual([0, 128, 255, 1, 2, 3]);
    expect(maps?.bytes.buffer.byteLength).toBe(6);
  });

  it("finds a figure in whichever stream carries it", () => {
    const live = run("started");
    expect(live.series("loss")?.table).toBe(live.table("steps"));
    expect(live.series("gradient_rms", "c1")?.table).toBe(live.table("layers"));
    expect(live.series("dead", "c1")).toBeNull();
  });
});

describe("a failure", () => {
  const failed = { kind: "failed", step: 9, code: "crashed", message: "", hint: "", layer: null };

  it("stands until a new attempt begins", () => {
    const live = run("started");
    live.take({ header: failed, payload: new Uint8Array() });
    expect(live.failed?.step).toBe(9);
    live.takeContainer(container("restarted"));
    expect(live.failed).toBeNull();
  });
});
