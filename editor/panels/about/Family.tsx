import { useState } from "react";
import type { AboutView, ExperimentCard } from "../../generated/types";
import { api } from "../../net/api";
import type { Side } from "../../net/about";
import { words } from "../../net/errors";
import { Link, paths } from "../../routes";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { agoWords, resultWords, stateWords } from "../runWords";
import { DifferenceDialog } from "./DifferenceDialog";
import { forkExperiment } from "../fork";

/** What it was made from, what was made from it, and how it differs from any other experiment. */
export function Family({ view }: { view: AboutView }) {
  const { experiment, parent, forks } = view;
  const [compared, setCompared] = useState<{ before: Side; after: Side } | null>(null);
  const now = (id: string): Side => ({ experiment: id, version: null });
  const mine = now(experiment.id);
  return (
    <>
      {parent && (
        <div className="about-relative">
          <span className="about-relative-words">
            <span className="muted small">Made from{view.parent_version !== null && ` version ${view.parent_version} of`}</span>
            <Link href={paths.about(parent.id)}>{parent.name}</Link>
          </span>
          <Button size="small" look="quiet" aria-label={`Difference from ${parent.name}`} onClick={() => setCompared({ before: { experiment: parent.id, version: view.parent_version }, after: mine })}>
            Difference
          </Button>
        </div>
      )}
      {forks.map((fork) => {
        const told = fork.latest ? (stateWords(fork.latest)?.text ?? resultWords(fork.latest)?.text) : null;
        return (
          <div key={fork.id} className="about-relative">
            <span className="about-relative-words">
              <Link href={paths.about(fork.id)}>{fork.name}</Link>
              <span className="muted small">
                {fork.version === null ? "made from this" : `from version ${fork.version}`}, {told ?? agoWords(fork.created)}
              </span>
            </span>
            <Button size="small" look="quiet" aria-label={`Difference of ${fork.name}`} onClick={() => setCompared({ before: mine, after: now(fork.id) })}>
              Difference
            </Button>
          </div>
        );
      })}
      <div className="about-family-foot">
        <Button size="small" icon="copy" onClick={() => void forkExperiment(experiment.id)}>
          Fork
        </Button>
        <Others than={experiment.id} onChoose={(id) => setCompared({ before: now(id), after: mine })} />
      </div>
      {compared && <DifferenceDialog {...compared} onClose={() => setCompared(null)} />}
    </>
  );
}

/** The other experiments, asked for once somebody looks for one. */
function Others({ than, onChoose }: { than: string; onChoose: (id: string) => void }) {
  const [cards, setCards] = useState<ExperimentCard[] | null>(null);
  const look = () => {
    if (cards === null) api.experiments().then(setCards, (error: unknown) => toast(words(error), { tone: "bad" }));
  };
  const options = (cards ?? []).filter((card) => card.id !== than).map((card) => ({ value: card.id, label: card.name }));
  return (
    <Select
      aria-label="Compare with another experiment"
      value=""
      onFocus={look}
      onPointerEnter={look}
      options={[{ value: "", label: cards !== null && options.length === 0 ? "No other experiment" : "Compare with…" }, ...options]}
      onChoose={(id) => {
        if (id) onChoose(id);
      }}
    />
  );
}
