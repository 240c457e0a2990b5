import { describe, expect, it } from "vitest";
import type { Alert } from "../../../editor/generated/types";
import { Alerts, parted, ringed, shownAlert } from "../../../editor/live/alerts";
import { LiveRun } from "../../../editor/live/live_run";

export const alert = (change: Partial<Alert> = {}): Alert => ({
  kind: "alert", id: "doctor.vanishing 100", rule: "doctor.vanishing", level: "warning", step: 149, since: 100, ended: null, layer: "c1", layers: ["c1"],
  title: "The gradient vanishes before it reaches Conv a", evidence: "Since step 100 it is small.", fine: "Dense still learns.", why: "Slopes multiply.", value: 1e-5, remedies: [],
  ...change,
});

const taken = (...records: Alert[]) => {
  const alerts = new Alerts();
  for (const record of records) alerts.take(record);
  return alerts;
};

describe("alerts", () => {
  it("are one for a beginning and its end", () => {
    const alerts = taken(alert(), alert({ step: 249, ended: 200 }));
    expect(alerts.all).toEqual([alert({ step: 249, ended: 200 })]);
  });

  it("that come twice, live and from storage, count once", () => {
    const alerts = taken(alert());
    expect(alerts.take(alert())).toBe(false);
    expect(alerts.all).toHaveLength(1);
  });

  it("stand at a step as they did then", () => {
    const alerts = taken(alert(), alert({ step: 249, ended: 200 }));
    expect(alerts.at(99)).toEqual([]);
    expect(alerts.at(150)[0]?.ended).toBeNull();
    expect(alerts.at(200)[0]?.ended).toBe(200);
  });

  it("of steps that a later attempt does again are let go, and their ends alone where they began before", () => {
    const alerts = taken(alert(), alert({ step: 249, ended: 200 }), alert({ id: "doctor.dying 300", since: 300, step: 310 }));
    alerts.cut(220);
    expect(alerts.all).toEqual([alert()]);
  });

  it("put the error first, and what is over apart", () => {
    const broken = alert({ id: "doctor.not_a_number 300", level: "error" });
    const over = alert({ id: "doctor.dying 1", ended: 50 });
    const { open, over: ended } = parted([over, alert(), broken]);
    expect(open.map((each) => each.level)).toEqual(["error", "warning"]);
    expect(ended).toEqual([over]);
  });

  it("have one that is open and one ring at most", () => {
    const other = alert({ id: "doctor.dying 120", layer: "r1" });
    expect(ringed([alert(), other], null)).toEqual(["c1"]);
    expect(ringed([alert(), other], other.id)).toEqual(["r1"]);
    expect(ringed([alert({ ended: 200 })], alert().id)).toEqual([]);
    expect(shownAlert([alert({ ended: 200 })], null)).toBeNull();
  });
});

describe("a live run", () => {
  const take = (live: LiveRun, header: object) => live.take({ header: header as Alert & Record<string, unknown>, payload: new Uint8Array() });
  const started = (attempt: number, first_step: number) => ({ kind: "started", attempt, first_step, streams: [], layers: [], probes: [] });

  it("flags each alert among its events, where it began", () => {
    const live = new LiveRun();
    take(live, alert());
    take(live, alert({ step: 249, ended: 200 }));
    expect(live.events.map(({ name, step }) => [name, step])).toEqual([["alert", 100]]);
  });

  it("lets the flags of superseded alerts go", () => {
    const live = new LiveRun();
    take(live, started(1, 0));
    take(live, alert());
    take(live, started(2, 120));
    expect(live.alerts.all).toEqual([]);
    expect(live.events).toEqual([]);
  });
});
