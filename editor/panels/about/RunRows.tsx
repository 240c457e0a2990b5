import type { BatchRun, RunCard } from "../../generated/types";
import { Link, paths } from "../../routes";
import { RunSummary } from "../RunSummary";

/** Runs in a list, each with its curve and its final figure. `name`: what tells them apart. */
export function RunRows({ runs, name }: { runs: readonly (RunCard | BatchRun)[]; name: (run: RunCard) => string }) {
  return (
    <ul className="about-runs">
      {runs.map((run) => (
        <li key={run.id}>
          <Link className="about-run" href={paths.train(run.experiment, run.id)}>
            <RunSummary run={run} name={name(run)} />
          </Link>
        </li>
      ))}
    </ul>
  );
}
