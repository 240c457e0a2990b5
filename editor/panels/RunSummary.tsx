import type { RunCard } from "../generated/types";
import { Chip } from "../ui/Chip";
import { RunSpark } from "./RunSpark";
import { agoWords, resultWords, stateWords } from "./runWords";

/** A run in one row: what tells it apart, how it stands or ended, and its curve. */
export function RunSummary({ run, name }: { run: RunCard; name: string }) {
  const state = stateWords(run);
  const result = resultWords(run);
  return (
    <>
      <span className="run-words">
        <span className="run-name">{name}</span>
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
      {run.spark.length > 1 && <RunSpark run={run} />}
    </>
  );
}
