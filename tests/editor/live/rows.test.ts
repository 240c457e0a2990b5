import { describe, expect, it } from "vitest";
import { LiveRun } from "../../../editor/live/live_run";
import { epochFrom, rowFrom } from "../../../editor/live/rows";
import { Table } from "../../../editor/live/table";

function runWith(steps: number[]): LiveRun {
  const live = new LiveRun();
  const table = new Table(1);
  table.append(steps, [steps]);
  (live as unknown as { tables: Map<string, Table> }).tables.set("steps", table);
  live.started = { steps_per_epoch: 10 } as LiveRun["started"];
  return live;
}

describe("keys", () => {
  it("go from row to row, also where rows lie far apart", () => {
    const live = runWith([0, 1, 2, 64, 128]);
    expect([rowFrom(live, 2, 1), rowFrom(live, 64, -1), rowFrom(live, 100, -1), rowFrom(live, 100, 1), rowFrom(live, 0, -1), rowFrom(live, 0, 3)]).toEqual([64, 2, 64, 128, 0, 64]);
  });

  it("go beyond the last row to the end, where the last pictures stand", () => {
    expect(rowFrom(runWith([0, 1, 2]), 2, 1)).toBe(3);
  });

  it("go from epoch to epoch", () => {
    const live = runWith([...Array(35).keys()]);
    expect([epochFrom(live, 14, 1), epochFrom(live, 14, -1), epochFrom(live, 20, -1), epochFrom(live, 33, 1), epochFrom(live, 3, -1)]).toEqual([20, 10, 10, 35, 0]);
  });
});
