import { useMemo, useState } from "react";
import { bestForCost, spreadsFar } from "../../charts/plane";
import type { RunPoint } from "../../generated/types";
import { Link, navigate, paths } from "../../routes";
import { selectTitle, useCatalogue } from "../../store/catalogue";
import { Chip } from "../../ui/Chip";
import { Segmented } from "../../ui/Segmented";
import { Select } from "../../ui/Select";
import { TryAgain } from "../../ui/TryAgain";
import { agoWords, isLive } from "../runWords";
import { PlaneFrame } from "./PlaneFrame";
import type { Column } from "./PlaneTable";
import { type CostKind, COSTS, costAxis, runError, fullCount, otherCost, shortCount } from "./quantities";
import { datasetsOf, MEASURED, missingWords, type RunDot, runDots } from "./runPoints";
import { useRuns } from "./useRuns";
import { Fact } from "./ZooPlane";

type Scale = "linear" | "log";

const SCALES: { value: Scale; label: string }[] = [
  { value: "linear", label: "Linear" },
  { value: "log", label: "Log" },
];
const MOST_NAMES = 28; // more could not be read
const CROWD = 40; // of more runs only the best and the newest of each experiment are named

const COLUMNS: readonly Column<RunDot>[] = [
  { title: "Run", value: ({ run }) => `${run.name}, run ${run.number}`, words: true },
  { title: "Experiment", value: ({ run }) => run.experiment_name, words: true },
  { title: "Error, %", value: ({ run }) => run.error, shown: ({ error }) => runError(error) },
  { title: "Of the", value: ({ run }) => run.measured_on && MEASURED[run.measured_on], words: true },
  { title: "Multiply-adds", value: ({ run }) => run.macs },
  { title: "Parameters", value: ({ run }) => run.parameters },
  { title: "State", value: ({ run }) => run.state, words: true },
  { title: "Started", value: ({ run }) => run.created, shown: ({ run }) => agoWords(run.created), words: true },
];

/** The user's own runs on one data set: how often each errs for what it costs. */
export function RunsPlane({ asked }: { asked: string }) {
  const { runs, problem, refresh, ...found } = useRuns(asked);
  const datasets = useCatalogue((state) => state.datasets);
  const counts = useMemo(() => datasetsOf(runs ?? []), [runs]);
  const dataset = found.dataset ?? datasets[0]?.dataset.name ?? "";
  const title = useCatalogue(selectTitle(dataset));
  const [cost, setCost] = useState<CostKind>("macs");
  const mine = useMemo(() => (runs ?? []).filter((run) => run.dataset === dataset), [runs, dataset]);
  const points = useMemo(() => runDots(mine, cost), [mine, cost]);
  const best = useMemo(() => bestForCost(points), [points]);
  const named = useMemo(() => best.length + new Set(mine.map((run) => run.experiment)).size, [best, mine]);
  const [chosen, setScale] = useState<Scale | null>(null);
  const scale = chosen ?? (spreadsFar(points.map((point) => point.error)) ? "log" : "linear");
  const marks = useMemo(() => (["test", "validation"] as const).flatMap((on) => points.filter(({ run }) => run.measured_on === on).slice(0, 1).map(({ mark }) => [mark, MEASURED[on]] as [typeof mark, string])), [points]);
  const options = datasets.map((view) => ({ value: view.dataset.name, label: `${view.dataset.title} (${counts.get(view.dataset.name) ?? 0})` }));
  return (
    <>
      <PlaneFrame
        title={`Your runs on ${title} by error and cost`}
        what="Your runs"
        points={points}
        columns={COLUMNS}
        costWords={costAxis(cost)}
        errorWords={`error on ${title}, %`}
        sizeWords={costAxis(otherCost(cost))}
        logErrors={scale === "log"}
        mostNames={points.length > CROWD ? Math.min(MOST_NAMES, named) : points.length}
        markWords="Measured on"
        marks={marks}
        Card={RunFacts}
        file={`runs-${dataset}-${cost === "macs" ? "multiply-adds" : "parameters"}`}
        empty={<Nothing runs={mine} title={title} dataset={dataset} loading={runs === null && problem === null} />}
      >
        <Select aria-label="Data set" value={dataset} options={options} onChoose={(name) => navigate(paths.runsPlane(name), { replace: true })} />
        {points.length > 0 && (
          <>
            <Segmented label="Cost" value={cost} options={COSTS} onChoose={setCost} />
            <Segmented label="Error axis" value={scale} options={SCALES} onChoose={setScale} />
          </>
        )}
      </PlaneFrame>
      <Aside runs={mine} drawn={points.length} best={best} cost={cost} problem={problem} onRetry={() => void refresh()} />
    </>
  );
}

interface NothingProps {
  runs: readonly RunPoint[];
  title: string;
  dataset: string;
  loading: boolean;
}

/** One promise and one way to begin. */
function Nothing({ runs, title, dataset, loading }: NothingProps) {
  const easiest = useCatalogue((state) => state.zoo.find((card) => card.template && card.name.startsWith("lenet")));
  const live = runs.find(isLive);
  if (loading) return <p aria-busy="true">Loading your runs</p>;
  return (
    <>
      <h2>{live ? "Your first dot is on its way" : "Every run becomes a dot here"}</h2>
      <p>
        {live
          ? `${live.name}, run ${live.number}, stands here once it was measured for the first time.`
          : `Train networks on ${title} and see which errs least for what it costs.`}
      </p>
      {live ? (
        <Link className="button" data-look="main" href={paths.train(live.experiment, live.id)}>
          Watch it train
        </Link>
      ) : (
        <Link className="button" data-look="main" href={easiest ? paths.draft(easiest.name, dataset) : paths.draft()}>
          {easiest ? `Start from ${easiest.title}` : "New network"}
        </Link>
      )}
    </>
  );
}

function RunFacts({ point: { run, error } }: { point: RunDot }) {
  return (
    <>
      <h3>
        {run.name} <small>run {run.number}</small>
      </h3>
      <dl>
        <Fact name="Error" value={runError(error)} />
        <Fact name="Multiply-adds" value={fullCount(run.macs ?? 0)} />
        <Fact name="Parameters" value={fullCount(run.parameters ?? 0)} />
      </dl>
      <p>
        Of the {MEASURED[run.measured_on ?? "test"]}. {STATES[run.state]}, started {agoWords(run.created)}
        {run.experiment_name === run.name ? "" : `, of ${run.experiment_name}`}.
      </p>
    </>
  );
}

const STATES: Record<RunPoint["state"], string> = {
  queued: "Waiting",
  leased: "Starting",
  running: "Training",
  paused: "Paused",
  finished: "Finished",
  failed: "Failed",
  stopped: "Stopped",
  lost: "Worker lost",
};

interface AsideProps {
  runs: readonly RunPoint[];
  drawn: number;
  best: readonly RunDot[];
  cost: CostKind;
  problem: string | null;
  onRetry: () => void;
}

function Aside({ runs, drawn, best, cost, problem, onRetry }: AsideProps) {
  const training = runs.filter(isLive).length;
  const missing = missingWords(runs, drawn);
  return (
    <aside className="plane-aside scroll" aria-label="What the plane shows">
      {problem && (
        <TryAgain tone="warn" onRetry={onRetry}>
          {problem}
        </TryAgain>
      )}
      <section>
        <h2>Best for their cost</h2>
        {best.length === 0 ? (
          <p className="muted">The runs that no other beats at their cost are listed here.</p>
        ) : (
          <>
            <p className="muted small best-head">
              <span>error</span>
              <span>{cost === "macs" ? "multiply-adds" : "parameters"}</span>
            </p>
            <ol className="best-list">
              {best.map((point) => (
                <li key={point.id}>
                  <Link href={point.href}>
                    <span className="best-name">{point.name}</span> <span className="muted">run {point.run.number}</span>
                  </Link>
                  <span className="number">{runError(point.error)}</span>
                  <span className="number muted">{shortCount(point.cost)}</span>
                </li>
              ))}
            </ol>
          </>
        )}
        {training > 0 && (
          <p>
            <Chip tone="live" dot>
              {training} in training or waiting
            </Chip>
          </p>
        )}
        {missing && <p className="muted">Without a dot: {missing}.</p>}
      </section>
      <section>
        <h2>How to read it</h2>
        <p>Down and to the left is better: fewer errors, for less. The line joins the runs that no other beats at their cost.</p>
        <p className="muted">
          The error is the share of test images whose class was not the most likely; before a run has seen them, of the held-out images at its best, drawn dashed. Costs are those of the network the
          run was started with, for one image, a multiply-add counting 1.
        </p>
      </section>
    </aside>
  );
}
