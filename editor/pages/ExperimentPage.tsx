import { type ReactNode, useEffect, useState } from "react";
import { fullCount, shortCount } from "../canvas/words";
import type { AboutView } from "../generated/types";
import { AboutTop } from "../panels/about/AboutTop";
import { Batches } from "../panels/about/Batches";
import { Family } from "../panels/about/Family";
import { Notes } from "../panels/about/Notes";
import { RunRows } from "../panels/about/RunRows";
import { SweepDialog } from "../panels/about/SweepDialog";
import { TwinsDialog } from "../panels/about/TwinsDialog";
import { type About, useAbout } from "../panels/about/useAbout";
import { Versions } from "../panels/about/Versions";
import { Art } from "../panels/home/Art";
import { runName } from "../panels/runWords";
import { newestFirst } from "../panels/side/RunList";
import { Link, paths } from "../routes";
import { Button } from "../ui/Button";
import { MissingPage } from "./MissingPage";
import "../panels/about/about.css";

/** One experiment: its drawing, its recipe in words, notes, runs, versions, relatives; and what can be made of it. */
export function ExperimentPage({ id }: { id: string }) {
  const about = useAbout(id);
  const { view, problem, absent } = about;
  const [dialog, setDialog] = useState<"twins" | "sweep" | null>(null);
  const name = view?.experiment.name;
  useEffect(() => {
    document.title = name ? `About ${name} · CNN playground` : "CNN playground";
  }, [name]);
  if (absent !== null) return <MissingPage title={absent} message={problem ?? undefined} />;
  if (problem !== null && !view) return <MissingPage title="The experiment could not be loaded" message={problem} onRetry={() => void about.refresh()} />;
  const done = async () => {
    setDialog(null);
    await about.refresh();
  };
  return (
    <div className="shell">
      <AboutTop view={view} onTwins={() => setDialog("twins")} onSweep={() => setDialog("sweep")} />
      <main id="content" className="about scroll" tabIndex={-1} aria-busy={view ? undefined : true}>
        {view ? <Shown view={view} about={about} onTwins={() => setDialog("twins")} /> : <div className="about-ghost ghost" />}
      </main>
      {view && dialog === "twins" && <TwinsDialog experiment={id} onClose={() => setDialog(null)} onMade={done} />}
      {view && dialog === "sweep" && <SweepDialog experiment={id} onClose={() => setDialog(null)} onStarted={done} />}
    </div>
  );
}

function Shown({ view, about, onTwins }: { view: AboutView; about: About; onTwins: () => void }) {
  const { experiment } = view;
  const { turn, refresh } = about;
  return (
    <div className="about-columns">
      <div className="about-main">
        <section className="about-figure" aria-label="The network">
          <Art network={experiment.network} ratio={3.6} />
          <Cost view={view} />
        </section>
        <div className="about-text">
          <Section title="Recipe">
            {view.recipe_words.map((sentence) => (
              <p key={sentence} className="about-sentence">
                {sentence}
              </p>
            ))}
          </Section>
          <Section title="Notes">
            <Notes view={view} refresh={refresh} />
          </Section>
        </div>
        {(experiment.mine || view.batches.length > 0) && <Section title="Pairs and sweeps">
          {view.batches.length > 0 ? (
            <Batches batches={view.batches} turn={turn} refresh={refresh} />
          ) : (
            <>
              <p className="about-empty">Nothing was trained side by side yet. A twin differs in one thing and keeps the seed and the order of the images.</p>
              {!view.problem && (
                <Button size="small" icon="copy" onClick={onTwins}>
                  Choose a twin
                </Button>
              )}
            </>
          )}
        </Section>}
      </div>
      <aside className="about-side" aria-label="Runs, versions and relatives">
        <Section title="Runs" fact={counted(experiment.runs.length, "run", "runs")}>
          <Runs view={view} />
        </Section>
        <Section title="Versions" fact={counted(view.versions, "version", "versions")}>
          <Versions id={experiment.id} mine={experiment.mine} name={experiment.name} save={experiment.version} past={`${experiment.version} ${experiment.runs.length} ${view.forks.length}`} refresh={refresh} />
        </Section>
        <Section title="Family" fact={view.forks.length > 0 ? counted(view.forks.length, "fork", "forks") : ""}>
          <Family view={view} />
        </Section>
      </aside>
    </div>
  );
}

const counted = (count: number, one: string, more: string) => (count === 0 ? "" : `${count} ${count === 1 ? one : more}`);

const FIRST = 6;

function Runs({ view }: { view: AboutView }) {
  const [all, setAll] = useState(false);
  const runs = newestFirst(view.experiment.runs);
  if (runs.length === 0) {
    return (
      <p className="about-empty">
        No runs yet.{view.experiment.mine && <> <Link href={paths.build(view.experiment.id)}>Open Build</Link> and press Train.</>}
      </p>
    );
  }
  const shown = all ? runs : runs.slice(0, FIRST);
  return (
    <>
      <RunRows runs={shown} name={(run) => runName(run, view.experiment.name)} />
      {runs.length > shown.length && (
        <button type="button" className="link-button about-more" onClick={() => setAll(true)}>
          {runs.length - shown.length} older
        </button>
      )}
    </>
  );
}

function Cost({ view }: { view: AboutView }) {
  const { cost, problem } = view;
  if (!cost) {
    return (
      <p className="about-problem">
        It cannot train yet: {problem} {view.experiment.mine && <Link href={paths.build(view.experiment.id)}>Open Build</Link>}
      </p>
    );
  }
  return (
    <dl className="about-cost">
      <Fact name="Layers with weights" value={String(cost.depth)} />
      <Fact name="Parameters" value={fullCount(cost.parameters)} />
      <Fact name="Multiply-adds, one image" value={shortCount(cost.macs)} title={fullCount(cost.macs)} />
    </dl>
  );
}

function Fact({ name, value, title }: { name: string; value: string; title?: string }) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}

function Section({ title, fact = "", children }: { title: string; fact?: string; children: ReactNode }) {
  return (
    <section className="about-section" aria-label={title}>
      <header>
        <h2>{title}</h2>
        {fact && <span className="muted small">{fact}</span>}
      </header>
      {children}
    </section>
  );
}
