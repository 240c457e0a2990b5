// The user's runs as dots: how often each errs against what its network costs.
import type { PlanePoint } from "../../charts/plane";
import type { RunPoint } from "../../generated/types";
import { paths } from "../../routes";
import { isLive } from "../runWords";
import { type CostKind, fullCount, otherCost, runError } from "./quantities";

type Measured = Pick<RunPoint, "id" | "number" | "name" | "experiment" | "error" | "measured_on" | "macs" | "parameters">;

export interface RunDot<R extends Measured = RunPoint> extends PlanePoint {
  run: R;
}

/** Which images an error is of. */
export const MEASURED = { test: "test images", validation: "held-out images, at best" } as const;

/** A list of one, or of none where the run was not measured or its cost is not known. */
export function dotOf<R extends Measured>(run: R, cost: CostKind): RunDot<R>[] {
  const { error, measured_on: on, macs, parameters } = run;
  if (error === null || on === null || !macs || !parameters) return [];
  const dot: RunDot<R> = {
    id: run.id,
    name: run.name,
    after: `run ${run.number}`,
    cost: cost === "macs" ? macs : parameters,
    size: otherCost(cost) === "macs" ? macs : parameters,
    error,
    mark: on === "test" ? "filled" : "dashed",
    spoken: `${run.name}, run ${run.number}: ${runError(error)} wrong of the ${MEASURED[on]}; ${fullCount(macs)} multiply-adds, ${fullCount(parameters)} parameters`,
    href: paths.train(run.experiment, run.id),
    run,
  };
  return [dot];
}

/** The runs that were measured and whose cost is known. The newest of each experiment choose a place for their names first. */
export function runDots(runs: readonly RunPoint[], cost: CostKind): RunDot[] {
  const dots = runs.flatMap((run) => dotOf(run, cost));
  const seen = new Set<string>();
  const newest = dots.filter(({ run }) => !seen.has(run.experiment) && seen.add(run.experiment));
  return [...newest, ...dots.filter((dot) => !newest.includes(dot))];
}

/** How many runs there are of each data set. */
export function datasetsOf(runs: readonly RunPoint[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { dataset } of runs) counts.set(dataset, (counts.get(dataset) ?? 0) + 1);
  return counts;
}

/** Why some runs have no dot: "2 are still training, 1 ended before it was measured"; empty where all have one. */
export function missingWords(runs: readonly RunPoint[], drawn: number): string {
  const training = runs.filter((run) => run.error === null && isLive(run)).length;
  const rest = runs.length - drawn - training;
  const parts = [training > 0 ? `${training} ${training === 1 ? "is" : "are"} not measured yet` : "", rest > 0 ? `${rest} ended before ${rest === 1 ? "it was" : "they were"} measured` : ""];
  return parts.filter(Boolean).join(", ");
}
