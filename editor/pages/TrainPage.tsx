import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { axisKey } from "../charts/use_time_axis";
import type { Analysis, Network } from "../generated/types";
import { parted, ringed } from "../live/alerts";
import { useBeat } from "../live/use_beat";
import type { RunSession } from "../live/session";
import type { TimeView } from "../live/view";
import { api } from "../net/api";
import { words } from "../net/errors";
import { DeadPanel } from "../panels/train/DeadPanel";
import { Doctor } from "../panels/train/Doctor";
import { EpochNews } from "../panels/train/EpochNews";
import { LayersPanel } from "../panels/train/LayersPanel";
import { LossPanel } from "../panels/train/LossPanel";
import { MapsPanel } from "../panels/train/MapsPanel";
import { PredictionPanel } from "../panels/train/PredictionPanel";
import { RunBar, usesSpace } from "../panels/train/RunBar";
import { SideTabs, type SideTab } from "../panels/train/SideTabs";
import { TrainFigure } from "../panels/train/TrainFigure";
import { TrainTop } from "../panels/train/TrainTop";
import { GoneData, Waiting } from "../panels/train/Waiting";
import { navigate, paths } from "../routes";
import { loadCatalogue, selectDataset, useCatalogue } from "../store/catalogue";
import { analysisAtHand } from "../store";
import { openExperiment, useExperiment } from "../store/experiment";
import { command, openRun, useRun } from "../store/run";
import { followAddress, goTo, spaceDoes, stepOfKey, togglePlay } from "../store/time";
import { toast } from "../store/ui";
import { lazily, usePrefetch } from "../ui/lazily";
import "uplot/dist/uPlot.min.css";
import "../panels/train/train.css";

const WeightsPanel = lazily(() => import("../panels/train/WeightsPanel").then((module) => module.WeightsPanel));
const EvaluationPanel = lazily(() => import("../panels/train/EvaluationPanel").then((module) => module.EvaluationPanel));
const OTHER_TABS = [WeightsPanel, EvaluationPanel];
const TrainKeys = lazily(() => import("../panels/train/TrainKeys").then((module) => module.TrainKeys));

/** Keys that act wherever the focus is, but for fields that take them themselves. */
const ZOOM_KEYS = new Set(["+", "=", "-", "_", "0"]);
const takesKeys = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest("input:not([type=range]), textarea, select, dialog, [role=listbox], [contenteditable]") !== null;

/** A run while it trains, and its replay once it is over: the same page from the same records. */
export function TrainPage({ experiment, run }: { experiment: string; run: string }) {
  const session = useRun((state) => state.session);
  const view = useRun((state) => state.view);
  const refusal = useRun((state) => state.refusal);
  usePrefetch(OTHER_TABS);
  const [help, setHelp] = useState(false);
  useEffect(() => openRun(run), [run]);
  useEffect(() => followAddress(), [run]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { run: now, view: time, frozen, playing } = useRun.getState();
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === "Escape" && time?.zoom && !takesKeys(event.target)) time.set({ zoom: null });
      if (event.key === "?" && !takesKeys(event.target)) setHelp(true);
      if (time && !event.defaultPrevented && ZOOM_KEYS.has(event.key) && !takesKeys(event.target)) {
        axisKey(time, event);
        event.preventDefault();
        return;
      }
      if (event.key === " ") {
        const does = usesSpace(event.target) ? null : spaceDoes({ run: now, frozen: frozen !== null, playing });
        if (does === null) return;
        event.preventDefault();
        if (event.repeat) return;
        if (does === "play") togglePlay();
        else void command({ kind: now?.state === "paused" ? "resume" : "pause" });
        return;
      }
      // Where nothing has the focus the time line has the keys; the figure and the lists use arrows themselves.
      const step = event.target === document.body && !event.defaultPrevented ? stepOfKey(event.key, event.shiftKey) : null;
      if (step === null) return;
      event.preventDefault();
      goTo(step);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  if (refusal) return <Refused words={refusal} />;
  if (!session || !view) return <main id="content" aria-busy="true" />;
  return (
    <>
      <Train experiment={experiment} session={session} view={view} onHelp={() => setHelp(true)} />
      {help && <TrainKeys onClose={() => setHelp(false)} />}
    </>
  );
}

function Train({ experiment, session, view, onHelp }: { experiment: string; session: RunSession; view: TimeView; onHelp: () => void }) {
  const run = useRun((state) => state.run);
  const network = useRun((state) => state.network);
  const recipe = run?.recipe as { dataset?: string } | undefined;
  const known = useCatalogue(selectDataset(recipe?.dataset ?? ""));
  const dataset = run?.data ?? known;
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
  const whole = useDeferredValue(useRun((state) => state.pressed === null)); // first what somebody who has just pressed Train waits for
  const [tab, setTab] = useState<SideTab>("inside");
  const [large, setLarge] = useState(false);
  const covered = tab === "evaluation" && large;
  const alerts = session.live.alerts.at(view.frozen ?? Number.POSITIVE_INFINITY);
  const shown = useRun((state) => state.alert);
  const ring = useKeys(ringed(alerts, shown));
  const warned = useKeys(parted(alerts).open.flatMap((alert) => alert.layers));
  const classes = dataset?.dataset.classes ?? [];
  const again = () => {
    api.startRun(experiment).then(
      (next) => navigate(paths.train(experiment, next.id)),
      (error: unknown) => toast(words(error), { tone: "bad" }),
    );
  };
  return (
    <div className="train-page" data-large={covered || undefined}>
      <TrainTop experiment={experiment} session={session} view={view} onHelp={onHelp} />
      <main id="content" className="train-main">
        <div className="train-main-parts" inert={covered}>
          {whole ? <TrainFigure session={session} view={view} analysis={analysis} dataset={dataset} warned={ring} /> : <div className="train-figure" />}
          <Waiting run={run} />
          <GoneData run={run} />
          {run?.state === "finished" && run.words && (
            <p className="ending" role="status">
              {run.words}
            </p>
          )}
          <div className="train-charts">
            <LossPanel session={session} view={view} />
            {whole && <LayersPanel session={session} view={view} warned={warned} />}
            {whole && <DeadPanel session={session} view={view} warned={warned} />}
          </div>
        </div>
      </main>
      <aside className="train-side" aria-label="Inside the network">
        {whole && (
          <>
            <Doctor session={session} alerts={alerts} />
            <SideTabs
              chosen={tab}
              onChoose={setTab}
              panels={{
                inside: (
                  <>
                    <MapsPanel session={session} dataset={dataset} analysis={analysis?.nodes ?? null} />
                    <PredictionPanel session={session} classes={classes} />
                  </>
                ),
                weights: <WeightsPanel session={session} />,
                evaluation: <EvaluationPanel session={session} view={view} classes={classes} large={large} onLarge={setLarge} />,
              }}
            />
          </>
        )}
      </aside>
      {whole ? <RunBar session={session} view={view} onAgain={again} /> : <footer className="run-bar" />}
      <EpochNews session={session} />
    </div>
  );
}

/** The same set until its members change, so that charts are not drawn anew for nothing. */
function useKeys(keys: readonly string[]): ReadonlySet<string> {
  const joined = keys.join();
  return useMemo(() => new Set(joined === "" ? [] : joined.split(",")), [joined]);
}

/** Shapes and receptive fields of the run's frozen network; those of the network that was built, where it is the same. */
function useAnalysis(network: Network, dataset: string | undefined): Analysis | null {
  const built = useMemo(() => analysisAtHand(network), [network]);
  const [asked, setAsked] = useState<Analysis | null>(null);
  useEffect(() => {
    if (network.nodes.length === 0 || built) return undefined;
    const stop = new AbortController();
    api.analyse(network, { ...(dataset ? { dataset } : {}), signal: stop.signal }).then(setAsked, (error: unknown) => {
      if (!stop.signal.aborted) toast(words(error), { tone: "bad" });
    });
    return () => stop.abort();
  }, [network, built, dataset]);
  return built ?? asked;
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
