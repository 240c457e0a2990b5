import type { AboutView } from "../../generated/types";
import { Link, paths } from "../../routes";
import { Button } from "../../ui/Button";
import { Mark } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { newestFirst } from "../side/RunList";
import { Chip } from "../../ui/Chip";
import { ShareButton } from "../share/ShareButton";
import { ThemeButton } from "../ThemeButton";
import { forkExperiment } from "./fork";

/** Runs that the page of comparisons takes. */
const MOST = 20;

/** The bar over an experiment's page: its name, its other views, and what can be made of it. */
export function AboutTop({ view, onTwins, onSweep }: { view: AboutView | null; onTwins: () => void; onSweep: () => void }) {
  const experiment = view?.experiment;
  const latest = experiment && newestFirst(experiment.runs)[0];
  const blocked = !view ? "Loading" : view.problem ? `It cannot train yet. ${view.problem}` : null;
  return (
    <header className="top">
      <Tooltip text="All experiments" names>
        <Link className="top-mark" href={paths.home()} aria-label="All experiments">
          <Mark />
        </Link>
      </Tooltip>
      <span className="top-line" />
      {experiment ? <h1 className="top-name">{experiment.name}</h1> : <span className="ghost top-name-ghost" />}
      {experiment && (
        <nav className="tabs" aria-label="Views">
          {experiment.mine && <Link href={paths.build(experiment.id)}>Build</Link>}
          {latest ? (
            <Link href={paths.train(experiment.id, latest.id)}>Train</Link>
          ) : (
            <Tooltip text={experiment.mine ? "Nothing was trained yet: open Build and press Train" : "Nothing was trained yet"}>
              <button type="button" aria-disabled="true">
                Train
              </button>
            </Tooltip>
          )}
          <a href={paths.about(experiment.id)} aria-current="page" onClick={(event) => event.preventDefault()}>
            About
          </a>
          <Link href={experiment.mine ? paths.runsPlane(String(experiment.recipe.dataset ?? "")) : paths.compare(newestFirst(experiment.runs).slice(0, MOST).map((run) => run.id))}>Compare</Link>
        </nav>
      )}
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
