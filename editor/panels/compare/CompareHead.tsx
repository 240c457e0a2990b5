import { MOST_COMPARED } from "../../generated/types";
import { navigate, paths } from "../../routes";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { stateWords } from "../runWords";
import { RunTitle } from "./RunTitle";
import type { RunsView, Shown } from "./view";

interface CompareHeadProps {
  view: RunsView;
  headline: string;
  onAdd: () => void;
}

/** The chosen runs: which is which, which are drawn, and the one that others are held against; one sentence at the right. */
export function CompareHead({ view, headline, onAdd }: CompareHeadProps) {
  const { runs } = view;
  const full = runs.length >= MOST_COMPARED ? `At most ${MOST_COMPARED} runs are compared at once. Take one away first.` : null;
  return (
    <div className="compare-head">
      <ul className="compare-runs" aria-label="Runs compared">
        {runs.map((run, place) => (
          <RunChip key={run.id} run={run} place={place} view={view} />
        ))}
      </ul>
      <Button look="quiet" icon="plus" blocked={full} onClick={onAdd}>
        Add run
      </Button>
      <p className="compare-headline">{headline}</p>
    </div>
  );
}

function RunChip({ run, place, view }: { run: Shown; place: number; view: RunsView }) {
  const { runs, hide, recolour } = view;
  const ids = runs.map(({ id }) => id);
  const go = (after: string[]) => navigate(paths.compare(after), { replace: true });
  const rest = ids.filter((id) => id !== run.id);
  const state = stateWords({ ...run, test_accuracy: null, best_validation_accuracy: null });
  const second = runs[1];
  return (
    <li className="compare-run" data-hidden={run.hidden || undefined}>
      <button type="button" className="compare-toggle" aria-pressed={!run.hidden} title={`${run.hidden ? "Show" : "Hide"} the curves of ${run.name}, run ${run.number}`} onClick={() => hide(run.id)}>
        <span className="compare-letter" style={{ background: run.hidden ? "transparent" : `var(--${run.look.token})`, borderColor: `var(--${run.look.token})` }}>
          {run.letter}
        </span>
        <svg className="compare-dash" viewBox="0 0 24 4" aria-hidden="true">
          <path d="M0 2H24" style={{ stroke: `var(--${run.look.token})` }} strokeDasharray={run.look.dash.join(" ")} />
        </svg>
        <span className="compare-name">
          <RunTitle name={run.name} />
        </span>
        <small>run {run.number}</small>
        {state?.moving && (
          <Chip tone={state.tone} dot>
            {state.text}
          </Chip>
        )}
      </button>
      <Menu
        label={`${run.letter}: ${run.name}, run ${run.number}`}
        align="end"
        items={[
          { label: "Hold the others against it", icon: "swap", blocked: place === 0 ? "They are held against it" : null, onSelect: () => go([run.id, ...rest]) },
          ...(place === 0 && second ? [{ label: `Swap with ${second.letter}`, icon: "swap" as const, onSelect: () => go([second.id, run.id, ...ids.slice(2)]) }] : []),
          { label: run.hidden ? "Show" : "Hide", icon: "layers", onSelect: () => hide(run.id) },
          { label: "Another colour", icon: "sliders", onSelect: () => recolour(run.id) },
          { label: "Open the run", icon: "arrow", onSelect: () => navigate(paths.train(run.experiment, run.id)) },
          null,
          { label: "Take away", icon: "close", onSelect: () => go(rest) },
        ]}
      >
        <button type="button" className="compare-more" aria-label={`More: ${run.letter}, ${run.name} run ${run.number}`}>
          <Icon name="down" />
        </button>
      </Menu>
    </li>
  );
}
