import { type KeyboardEvent as KeyPress, useEffect, useMemo, useRef, useState } from "react";
import type { Analysis, Network } from "../generated/types";
import { findings } from "../live/doctor";
import { useBeat } from "../live/use_beat";
import type { RunSession } from "../live/session";
import type { TimeView } from "../live/view";
import { api } from "../net/api";
import { words } from "../net/errors";
import { DeadPanel } from "../panels/train/DeadPanel";
import { Doctor } from "../panels/train/Doctor";
import { EpochNews } from "../panels/train/EpochNews";
import { EvaluationPanel } from "../panels/train/EvaluationPanel";
import { LayersPanel } from "../panels/train/LayersPanel";
import { LossPanel } from "../panels/train/LossPanel";
import { MapsPanel } from "../panels/train/MapsPanel";
import { PredictionPanel } from "../panels/train/PredictionPanel";
import { RunBar, usesSpace, whyNot } from "../panels/train/RunBar";
import { TrainFigure } from "../panels/train/TrainFigure";
import { TrainTop } from "../panels/train/TrainTop";
import { Waiting } from "../panels/train/Waiting";
import { navigate, paths } from "../routes";
import { loadCatalogue, selectDataset, useCatalogue } from "../store/catalogue";
import { useStore } from "../store";
import { meaningOf } from "../store/analysis";
import { openExperiment, useExperiment } from "../store/experiment";
import { command, openRun, useRun } from "../store/run";
import { toast } from "../store/ui";
import { step } from "../ui/Menu";
import "uplot/dist/uPlot.min.css";
import "../panels/train/train.css";

/** A run while it trains, and its replay once it is over: the same page from the same records. */
export function TrainPage({ experiment, run }: { experiment: string; run: string }) {
  const session = useRun((state) => state.session);
  const view = useRun((state) => state.view);
  const refusal = useRun((state) => state.refusal);
  useEffect(() => openRun(run), [run]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { run: now, view: time } = useRun.getState();
      if (event.key === "Escape" && time?.zoom) time.set({ zoom: null });
      if (event.key !== " " || event.repeat || usesSpace(event.target) || whyNot(now) !== null) return;
      event.preventDefault();
      void command({ kind: now?.state === "paused" ? "resume" : "pause" });
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  if (refusal) return <Refused words={refusal} />;
  if (!session || !view) return <main id="content" aria-busy="true" />;
  return <Train experiment={experiment} session={session} view={view} />;
}

function Train({ experiment, session, view }: { experiment: string; session: RunSession; view: TimeView }) {
  const run = useRun((state) => state.run);
  const network = useRun((state) => state.network);
  const layers = useRun((state) => state.layers);
  const recipe = run?.recipe as { dataset?: string } | undefined;
  const dataset = useCatalogue(selectDataset(recipe?.dataset ?? ""));
  const analysis = useAnalysis(network, recipe?.dataset);
  useEffect(() => {
    if (run) document.title = `${run.name} · run ${run.number} · CNN playground`;
  }, [run]);
  const mine = run?.mine === true;
  const runId = session.run;
  useEffect(() => {
    const { id, runs } = useExperiment.getState();
    if (mine && id === experiment && runs.some((known) => known.id === runId)) return; // it was started here
    void (mine ? openExperiment(experiment) : loadCatalogue());
  }, [mine, experiment, runId]);
  useBeat(1000);
  const [tab, setTab] = useState<SideTab>("inside");
  const [large, setLarge] = useState(false);
  const covered = tab === "evaluation" && large;
  const found = run ? findings(session.live, layers, view.frozen ?? Number.POSITIVE_INFINITY) : [];
  const warnedKey = found.flatMap((finding) => finding.layer ?? []).join();
  const warned = useMemo(() => new Set(warnedKey === "" ? [] : warnedKey.split(",")), [warnedKey]);
  const classes = dataset?.dataset.classes ?? [];
  const again = () => {
    api.startRun(experiment).then(
      (next) => navigate(paths.train(experiment, next.id)),
      (error: unknown) => toast(words(error), { tone: "bad" }),
    );
  };
  return (
    <div className="train-page" data-large={covered || undefined}>
      <TrainTop experiment={experiment} session={session} view={view} />
      <main id="content" className="train-main">
        <div className="train-main-parts" inert={covered}>
          <TrainFigure session={session} view={view} analysis={analysis} dataset={dataset} warned={warned} />
          <Waiting run={run} />
          <div className="train-charts">
            <LossPanel session={session} view={view} />
            <LayersPanel session={session} view={view} warned={warned} />
            <DeadPanel session={session} view={view} warned={warned} />
          </div>
        </div>
      </main>
      <aside className="train-side" aria-label="Inside the network">
        <Doctor findings={found} rate={session.live.progress?.learning_rate ?? null} />
        <SideTabs chosen={tab} onChoose={setTab} />
        <div role="tabpanel" id="train-side-panel" className="train-side-panel" aria-labelledby={`train-side-${tab}`}>
          {tab === "inside" ? (
            <>
              <MapsPanel session={session} dataset={dataset} analysis={analysis?.nodes ?? null} />
              <PredictionPanel session={session} classes={classes} />
            </>
          ) : (
            <EvaluationPanel session={session} view={view} classes={classes} large={large} onLarge={setLarge} />
          )}
        </div>
      </aside>
      <RunBar session={session} view={view} onAgain={again} />
      <EpochNews session={session} />
    </div>
  );
}

type SideTab = "inside" | "evaluation";
const TABS: { tab: SideTab; name: string }[] = [
  { tab: "inside", name: "Inside" },
  { tab: "evaluation", name: "Evaluation" },
];
const ALONG: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

function SideTabs({ chosen, onChoose }: { chosen: SideTab; onChoose: (tab: SideTab) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const walk = (event: KeyPress) => {
    const at = TABS.findIndex(({ tab }) => tab === chosen);
    const next = step(ALONG[event.key] ?? event.key, at, TABS.length);
    if (next === null) return;
    event.preventDefault();
    onChoose(TABS[next]?.tab ?? "inside");
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div ref={list} className="side-tabs" role="tablist" aria-label="Right column" tabIndex={-1} onKeyDown={walk}>
      {TABS.map(({ tab, name }) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`train-side-${tab}`}
          aria-selected={tab === chosen}
          aria-controls="train-side-panel"
          tabIndex={tab === chosen ? 0 : -1}
          onClick={() => onChoose(tab)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

/** Shapes and receptive fields of the run's frozen network; those of the network that was built, where it is the same. */
function useAnalysis(network: ReturnType<typeof useRun.getState>["network"], dataset: string | undefined): Analysis | null {
  const [analysis, setAnalysis] = useState<Analysis | null>(null);
  const document = useMemo(() => (network.nodes.length > 0 ? JSON.stringify(network) : ""), [network]);
  useEffect(() => {
    if (document === "") return undefined;
    const built = useStore.getState();
    if (built.analysis && built.analysed === meaningOf(JSON.parse(document) as Network)) {
      setAnalysis(built.analysis);
      return undefined;
    }
    const stop = new AbortController();
    api.analyse(JSON.parse(document) as Record<string, unknown>, { ...(dataset ? { dataset } : {}), signal: stop.signal }).then(setAnalysis, (error: unknown) => {
      if (!stop.signal.aborted) toast(words(error), { tone: "bad" });
    });
    return () => stop.abort();
  }, [document, dataset]);
  return analysis;
}

function Refused({ words }: { words: string }) {
  return (
    <main id="content" className="train-refused">
      <h1>This run cannot be shown</h1>
      <p>{words}</p>
      <a className="button" data-look="main" href={paths.home()}>
        All experiments
      </a>
    </main>
  );
}
