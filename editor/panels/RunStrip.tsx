import { Link, paths } from "../routes";
import { useExperiment } from "../store/experiment";
import { newestFirst, useFreshRuns } from "./side/RunList";
import { resultWords, stateWords } from "./runWords";

/** The experiment's runs as tabs over the train view. */
export function RunStrip({ current }: { current: string }) {
  const runs = useExperiment((state) => state.runs);
  useFreshRuns();
  if (runs.length === 0) return null;
  return (
    <nav className="run-strip" aria-label="Runs">
      {newestFirst(runs).map((run) => {
        const state = stateWords(run);
        return (
          <Link key={run.id} href={paths.train(run.experiment, run.id)} aria-current={run.id === current ? "page" : undefined}>
            {state?.moving && <span className="chip-dot pulse" />}
            <span>Run {run.number}</span>
            <span className="muted">{resultWords(run)?.text ?? state?.text}</span>
          </Link>
        );
      })}
    </nav>
  );
}
