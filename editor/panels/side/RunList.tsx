import { useState } from "react";
import { MOST_COMPARED, type RunCard } from "../../generated/types";
import { api } from "../../net/api";
import { words } from "../../net/errors";
import { Link, paths } from "../../routes";
import { refreshRuns, useExperiment } from "../../store/experiment";
import { toast } from "../../store/ui";
import { Confirm } from "../../ui/Dialog";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { RunSummary } from "../RunSummary";
import { isLive, runName } from "../runWords";
import { useEvery } from "../useEvery";

const EVERY = 2500; // ms between looks while a run is live

/** Keep the list of runs fresh while one of them moves and somebody looks. */
export function useFreshRuns() {
  const id = useExperiment((state) => state.id);
  const live = useExperiment((state) => state.runs.some(isLive));
  useEvery(id !== null && live ? EVERY : null, () => void refreshRuns());
}

/** Newest first. */
export const newestFirst = (runs: readonly RunCard[]): RunCard[] => [...runs].sort((a, b) => b.number - a.number);

/** The experiment's runs; each keeps its own copy of network and recipe. */
export function RunList() {
  const runs = useExperiment((state) => state.runs);
  const [chosen, setChosen] = useState<string[]>([]);
  useFreshRuns();
  if (runs.length === 0) {
    return (
      <div className="side-section side-empty">
        <p className="caption">No runs yet</p>
        <p className="side-text">Press Train. Each run keeps a copy of the network and recipe it was started with.</p>
      </div>
    );
  }
  return (
    <>
      <ul className="run-list">
        {newestFirst(runs).map((run) => (
          <Row key={run.id} run={run} chosen={chosen.includes(run.id)} onChoose={(on) => setChosen((before) => [...before.filter((id) => id !== run.id), ...(on ? [run.id] : [])])} />
        ))}
      </ul>
      <ComparePress chosen={chosen.filter((id) => runs.some((run) => run.id === id))} />
    </>
  );
}

/** Leads to the comparison of the ticked runs. */
function ComparePress({ chosen }: { chosen: readonly string[] }) {
  if (chosen.length === 0) return null;
  if (chosen.length > MOST_COMPARED) return <p className="side-text">{`At most ${MOST_COMPARED} runs are compared at once: untick ${chosen.length - MOST_COMPARED}.`}</p>;
  return (
    <Link className="button run-compare" href={paths.compare(chosen)}>
      {chosen.length === 1 ? "Compare with others" : `Compare ${chosen.length} runs`}
    </Link>
  );
}

function Row({ run, chosen, onChoose }: { run: RunCard; chosen: boolean; onChoose: (chosen: boolean) => void }) {
  const [deleting, setDeleting] = useState(false);
  const experiment = useExperiment((state) => state.name);
  return (
    <li className="run-row">
      <input type="checkbox" className="run-tick" aria-label={`Compare run ${run.number}`} checked={chosen} onChange={(event) => onChoose(event.target.checked)} />
      <Link className="run-link" href={paths.train(run.experiment, run.id)}>
        <RunSummary run={run} name={runName(run, experiment)} />
      </Link>
      <Menu
        label={`Run ${run.number}`}
        align="end"
        items={[{ label: "Delete", icon: "trash", tone: "bad", blocked: isLive(run) ? "Stop it first" : null, onSelect: () => setDeleting(true) }]}
      >
        <IconButton label={`More: run ${run.number}`} icon="dots" size="small" />
      </Menu>
      {deleting && (
        <Confirm title={`Delete run ${run.number}?`} action="Delete run" onClose={() => setDeleting(false)} onConfirm={() => void remove(run, () => setDeleting(false))}>
          Its curves, maps and weights go with it. The network stays.
        </Confirm>
      )}
    </li>
  );
}

async function remove(run: RunCard, close: () => void) {
  close();
  try {
    await api.deleteRun(run.id);
    useExperiment.setState(({ runs }) => ({ runs: runs.filter((other) => other.id !== run.id) }));
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}
