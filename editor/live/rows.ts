/** Steps that the keys lead to: the rows of a run and the starts of its epochs. */
import type { LiveRun } from "./live_run";

/** The step of the row `count` rows further on; the last step beyond the last row, where only pictures stand. */
export function rowFrom(live: LiveRun, step: number, count: number): number {
  const table = live.table("steps");
  if (!table || table.length === 0) return step;
  const at = table.rowAt(step);
  // Between two rows, the one before is already one row away.
  const between = count < 0 && at >= 0 && (table.steps[at] as number) < step ? 1 : 0;
  const row = at + count + between;
  if (row >= table.length) return live.lastStep;
  return Math.ceil(table.steps[Math.max(0, row)] as number);
}

/** The first step of the epoch `count` epochs further on. */
export function epochFrom(live: LiveRun, step: number, count: number): number {
  const steps = live.started?.steps_per_epoch ?? 0;
  if (steps < 1) return step;
  const epoch = count < 0 ? Math.ceil(step / steps) : Math.floor(step / steps);
  return Math.max(0, Math.min(live.lastStep, (epoch + count) * steps));
}
