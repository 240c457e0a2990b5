import type { RunView } from "../../generated/types";
import { isOver, useRun } from "../../store/run";

/** What a panel says while there are no steps to show. */
export function nothingYet(run: RunView | null): string {
  if (run?.started && !useRun.getState().ready) return "The steps so far are on their way";
  return isOver(run) ? "No step was trained" : "Starts with the first step";
}
