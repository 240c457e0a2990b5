import type { RunView } from "../../generated/types";
import { isOver } from "../../store/run";

/** What a panel says while there are no steps to show. */
export const nothingYet = (run: RunView | null): string => (isOver(run) ? "No step was trained" : "Starts with the first step");
