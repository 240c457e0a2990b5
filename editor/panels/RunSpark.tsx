import type { RunCard } from "../generated/types";
import { Spark } from "../ui/Spark";
import { shareDone } from "./runWords";

/** A run's loss as a small curve, as far across as the run is. */
export function RunSpark({ run }: { run: RunCard }) {
  if (run.spark.length === 0) return null;
  return <Spark values={run.spark} share={run.state === "finished" ? 1 : shareDone(run)} bad={run.state === "failed" || run.state === "lost"} />;
}
