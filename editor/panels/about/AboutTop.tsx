import { type AboutView, MOST_COMPARED } from "../../generated/types";
import { Button } from "../../ui/Button";
import { Tooltip } from "../../ui/Tooltip";
import { newestFirst } from "../side/RunList";
import { Chip } from "../../ui/Chip";
import { ShareButton } from "../share/ShareButton";
import { ThemeButton } from "../ThemeButton";
import { TopMark } from "../TopMark";
import { ExperimentViews } from "../ExperimentViews";
import { forkExperiment } from "../fork";

/** The bar over an experiment's page: its name, its other views, and what can be made of it. */
export function AboutTop({ view, onTwins, onSweep }: { view: AboutView | null; onTwins: () => void; onSweep: () => void }) {
  const experiment = view?.experiment;
  const runs = newestFirst(experiment?.runs ?? []);
  const blocked = !view ? "Loading" : view.problem ? `It cannot train yet. ${view.problem}` : null;
  return (
    <header className="top">
      <TopMark />
      {experiment ? <h1 className="top-name">{experiment.name}</h1> : <span className="ghost top-name-ghost" />}
      {experiment && <ExperimentViews experiment={experiment.id} mine={experiment.mine} current="About" run={runs[0]?.id ?? null} compared={runs.slice(0, MOST_COMPARED).map((run) => run.id)} />}
      <span className="top-space" />
      <ThemeButton />
      {experiment && !experiment.mine ? (
        <>
          <Tooltip text="It is somebody else's: you can watch and fork it, and change nothing">
            <span className="about-shared">
              <Chip>Read only</Chip>
            </span>
          </Tooltip>
          <Button look="main" icon="copy" onClick={() => void forkExperiment(experiment.id)}>
            Fork
          </Button>
        </>
      ) : (
        <>
          {experiment && <ShareButton experiment={experiment.id} name={experiment.name} />}
          <Button icon="sliders" blocked={blocked} onClick={onSweep}>
            Sweep
          </Button>
          <Button look="main" icon="copy" blocked={blocked} onClick={onTwins}>
            Make a twin
          </Button>
        </>
      )}
    </header>
  );
}
