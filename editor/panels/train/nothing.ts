import type { RunView } from "../../generated/types";
import { isOver } from "../../store/run";

/** What a panel says while there are no steps to show. */
export const nothingYet = (run: RunView | null): string => (isOver(run) ? "The run ended before its first step" : "Starts with the first step");
