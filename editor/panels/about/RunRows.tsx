import type { BatchRun, RunCard } from "../../generated/types";
import { Link, paths } from "../../routes";
import { Chip } from "../../ui/Chip";
import { Spark } from "../../ui/Spark";
import { agoWords, resultWords, shareDone, stateWords } from "../runWords";

/** Runs in a list, each with its curve and its final figure. `name`: what tells them apart. */
export function RunRows({ runs, name }: { runs: readonly (RunCard | BatchRun)[]; name: (run: RunCard) => string }) {
  return (
    <ul className="about-runs">
      {runs.map((run) => (
        <Row key={run.id} run={run} name={name(run)} />
      ))}
    </ul>
  );
}

function Row({ run, name }: { run: RunCard; name: string }) {
  const state = stateWords(run);
  const result = resultWords(run);
  return (
    <li>
      <Link className="about-run" href={paths.train(run.experiment, run.id)}>
        <span className="about-run-words">
          <span className="about-run-name">{name}</span>
          <span className="run-facts">
            {state && (
              <span title={run.words || undefined}>
                <Chip tone={state.tone} dot={state.moving}>
                  {state.text}
                </Chip>
              </span>
            )}
            {result && <span title={result.of}>{result.text}</span>}
            {!state?.moving && <span className="muted">{agoWords(run.created)}</span>}
          </span>
        </span>
        {run.spark.length > 1 && <Spark values={run.spark} share={run.state === "finished" ? 1 : shareDone(run)} bad={run.state === "failed" || run.state === "lost"} />}
      </Link>
    </li>
  );
}
