import { useEffect, useState } from "react";
import { MOST_COMPARED } from "../generated/types";
import { api } from "../net/api";
import { isAbort, words } from "../net/errors";
import { CompareHead } from "../panels/compare/CompareHead";
import { CurvesPanel } from "../panels/compare/CurvesPanel";
import type { Compared } from "../panels/compare/curves";
import { FiguresPanel } from "../panels/compare/FiguresPanel";
import { PlanePanel } from "../panels/compare/PlanePanel";
import { ProfilesPanel } from "../panels/compare/ProfilesPanel";
import { RunChooser } from "../panels/compare/RunChooser";
import { SaidPanel } from "../panels/compare/SaidPanel";
import { useComparison } from "../panels/compare/useComparison";
import { useRunsView } from "../panels/compare/view";
import { SiteTop } from "../panels/SiteTop";
import { Link, navigate, paths } from "../routes";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import "../panels/plane/plane.css";
import "../panels/train/train.css";
import "../panels/compare/compare.css";

/** Runs of an experiment that are compared without a word about which. */
const PRESELECTED = 6;

interface ComparePageProps {
  runs: string[];
  /** Compares this experiment's newest runs where none are named. */
  experiment: string | null;
}

/** Runs held against each other; without runs the list to choose them from. */
export function ComparePage({ runs, experiment }: ComparePageProps) {
  useEffect(() => {
    document.title = runs.length > 0 ? `${runs.length} ${runs.length === 1 ? "run" : "runs"} compared · CNN playground` : "Compare runs · CNN playground";
  }, [runs.length]);
  return (
    <div className="compare-page">
      <SiteTop page="compare" />
      {runs.length > 0 ? <Comparing runs={runs} /> : experiment ? <OfExperiment key={experiment} experiment={experiment} /> : <Choosing />}
    </div>
  );
}

/** Finds the newest runs of the experiment and goes to their comparison. */
function OfExperiment({ experiment }: { experiment: string }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [none, setNone] = useState(false);
  useEffect(() => {
    const control = new AbortController();
    api.runsPage({ experiment, limit: PRESELECTED }, control.signal).then(
      ({ runs }) => {
        if (runs.length > 0) navigate(paths.compare(runs.map(({ id }) => id)), { replace: true });
        else setNone(true);
      },
      (error: unknown) => {
        if (!isAbort(error)) setProblem(words(error));
      },
    );
    return () => control.abort();
  }, [experiment]);
  if (none) return <Choosing experiment={experiment} />;
  return (
    <main id="content" className="compare-waiting" tabIndex={-1} aria-busy={problem === null}>
      <p role={problem ? "alert" : undefined}>{problem ?? "Finding its runs"}</p>
    </main>
  );
}

function Choosing({ experiment = null }: { experiment?: string | null }) {
  const [chosen, setChosen] = useState<string[]>([]);
  return (
    <main id="content" className="choosing" tabIndex={-1}>
      <div className="choosing-head">
        <h1>Compare runs</h1>
        <Planes />
        <span className="top-space" />
        <CompareButton chosen={chosen} onPress={() => navigate(paths.compare(chosen))} />
      </div>
      <RunChooser chosen={chosen} onChange={setChosen} experiment={experiment} />
    </main>
  );
}

const Planes = () => (
  <nav className="plane-planes" aria-label="Planes">
    <Link href={paths.runsPlane()}>Your runs by error and cost</Link>
    <Link href={paths.plane()}>Published networks</Link>
  </nav>
);

function CompareButton({ chosen, onPress }: { chosen: readonly string[]; onPress: () => void }) {
  return (
    <Button look="main" blocked={chosen.length === 0 ? "Tick the runs to compare" : null} onClick={onPress}>
      {chosen.length < 2 ? "Compare" : `Compare ${chosen.length} runs`}
    </Button>
  );
}

function Comparing({ runs }: { runs: string[] }) {
  const { compared, problem, again } = useComparison(runs);
  const [adding, setAdding] = useState(false);
  const tooMany = runs.length > MOST_COMPARED;
  return (
    <main id="content" className="compare scroll" tabIndex={-1}>
      <h1 className="unseen">Runs compared</h1>
      {problem && (
        <div className="notice compare-notice" data-tone="warn" role="alert">
          <p>{problem}</p>
          {tooMany ? (
            <Button size="small" onClick={() => navigate(paths.compare(runs.slice(0, MOST_COMPARED)), { replace: true })}>
              Compare the first {MOST_COMPARED}
            </Button>
          ) : (
            <Button size="small" onClick={again}>
              Try again
            </Button>
          )}
        </div>
      )}
      {compared ? <Shown compared={compared} runs={runs} onAdd={() => setAdding(true)} /> : !problem && <Outline />}
      {adding && <AddDialog runs={runs} onClose={() => setAdding(false)} />}
    </main>
  );
}

function Shown({ compared, runs, onAdd }: { compared: Compared; runs: string[]; onAdd: () => void }) {
  const { comparison } = compared;
  const view = useRunsView(comparison.runs);
  const gone = comparison.missing;
  if (comparison.runs.length === 0) {
    return (
      <div className="run-none">
        <h2>None of these runs is there</h2>
        <p>{gone[0]?.message ?? "They may have been deleted."}</p>
        <Link className="button" data-look="main" href={paths.compare()}>
          Choose others
        </Link>
      </div>
    );
  }
  return (
    <>
      <CompareHead view={view} headline={comparison.headline} onAdd={onAdd} />
      {gone.length > 0 && (
        <div className="notice compare-notice" data-tone="warn" role="status">
          <p>{`${gone.length === 1 ? "One run" : `${gone.length} runs`} could not be shown. ${gone[0]?.message ?? ""} The rest stands below.`}</p>
          <Button size="small" onClick={() => navigate(paths.compare(runs.filter((id) => !gone.some((one) => one.id === id))), { replace: true })}>
            Leave {gone.length === 1 ? "it" : "them"} out
          </Button>
        </div>
      )}
      <div className="compare-panels">
        <CurvesPanel compared={compared} runs={view.runs} />
        <ProfilesPanel runs={view.runs} version={compared} />
        <PlanePanel comparison={comparison} runs={view.runs} />
        <FiguresPanel rows={comparison.rows} runs={view.runs} />
        <SaidPanel comparison={comparison} runs={view.runs} />
      </div>
    </>
  );
}

function Outline() {
  return (
    <div className="compare-panels compare-outline" aria-busy="true">
      <p>Reading the runs</p>
    </div>
  );
}

function AddDialog({ runs, onClose }: { runs: string[]; onClose: () => void }) {
  const [chosen, setChosen] = useState<string[]>(runs);
  const done = () => {
    onClose();
    navigate(paths.compare(chosen), { replace: true });
  };
  return (
    <Dialog title="Choose runs" onClose={onClose} width={1080} footer={<CompareButton chosen={chosen} onPress={done} />}>
      <RunChooser chosen={chosen} onChange={setChosen} />
    </Dialog>
  );
}
