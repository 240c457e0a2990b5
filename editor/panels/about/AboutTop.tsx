import type { AboutView } from "../../generated/types";
import { Link, paths } from "../../routes";
import { Button } from "../../ui/Button";
import { Mark } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { newestFirst } from "../side/RunList";
import { ThemeButton } from "../ThemeButton";

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
          <Link href={paths.build(experiment.id)}>Build</Link>
          {latest ? (
            <Link href={paths.train(experiment.id, latest.id)}>Train</Link>
          ) : (
            <Tooltip text="Nothing was trained yet: open Build and press Train">
              <button type="button" aria-disabled="true">
                Train
              </button>
            </Tooltip>
          )}
          <a href={paths.about(experiment.id)} aria-current="page" onClick={(event) => event.preventDefault()}>
            About
          </a>
          <Link href={paths.runsPlane(String(experiment.recipe.dataset ?? ""))}>Compare</Link>
        </nav>
      )}
      <span className="top-space" />
      <ThemeButton />
      <Button icon="sliders" blocked={blocked} onClick={onSweep}>
        Sweep
      </Button>
      <Button look="main" icon="copy" blocked={blocked} onClick={onTwins}>
        Make a twin
      </Button>
    </header>
  );
}
