/** Dead units of every ReLU, a row for each step. */
import { joinedBySteps, type Sheet } from "../../charts/sheet";
import { whole } from "../../charts/words";
import type { NamedLayer } from "../../live/layers";
import type { LiveRun } from "../../live/live_run";
import { drawn } from "./curves";

export function deadSheet(live: LiveRun, rectified: readonly NamedLayer[]): Sheet | null {
  const lines = rectified.map((layer) => drawn(live.series("dead", layer.id)));
  if (lines.every((line) => line.steps.length === 0)) return null;
  return {
    title: "Dead units by step",
    columns: [{ head: "Step", say: whole }, ...rectified.map((layer) => ({ head: `${layer.name}, of ${layer.units}`, say: whole }))],
    rows: joinedBySteps(lines),
  };
}
