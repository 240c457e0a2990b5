import { useMemo, useRef, useState } from "react";
import { PlaneChart } from "../../charts/PlaneChart";
import { spreadsFar } from "../../charts/plane";
import type { Comparison } from "../../generated/types";
import { Link, paths } from "../../routes";
import { Segmented } from "../../ui/Segmented";
import { type CostKind, COSTS, costAxis, fullCount, otherCost, planeSummary, runError } from "../plane/quantities";
import { MEASURED } from "../plane/runPoints";
import { PanelHead, SheetTable } from "../train/PanelHead";
import { useElementSize } from "../useElementSize";
import type { PlanePoint } from "../../charts/plane";
import type { Sheet } from "../../charts/sheet";
import type { Shown } from "./view";

interface Dot extends PlanePoint {
  run: Shown;
}

const DEFINITION = "Down and to the left is better: fewer errors, for less. The line joins the runs that no other of these beats at its cost. Dashed: before the test images were seen, of the held-out images at best.";

interface PlanePanelProps {
  comparison: Comparison;
  runs: readonly Shown[];
}

/** How often each run errs against what its network costs. */
export function PlanePanel({ comparison, runs }: PlanePanelProps) {
  const [cost, setCost] = useState<CostKind>("macs");
  const [table, setTable] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const points = useMemo(() => runs.filter((run) => !run.hidden).flatMap((run) => dotOf(run, cost)), [runs, cost]);
  const ids = useMemo(() => new Set(points.map((point) => point.id)), [points]);
  const hidden = points.length < runs.filter((run) => run.error !== null && run.macs).length;
  // The site names the best of all chosen runs; with some of them hidden the drawing finds those of the rest.
  const best = useMemo(() => (hidden ? undefined : comparison.best[cost]?.filter((id) => ids.has(id))), [comparison, cost, ids, hidden]);
  const named = best?.flatMap((id) => points.find((point) => point.id === id) ?? []) ?? [];
  const dataset = runs[0]?.dataset ?? "";
  const mixed = new Set(runs.map((run) => run.dataset)).size > 1;
  const sheet = (): Sheet | null =>
    points.length === 0
      ? null
      : {
          title: "Error for the cost",
          columns: [
            { head: "Run", say: String },
            { head: "Error, %", brief: "error", say: runError },
            { head: "Multiply-adds", say: fullCount },
            { head: "Parameters", say: fullCount },
          ],
          rows: points.map(({ run, error }) => [`${run.letter} ${run.name}, run ${run.number}`, error, run.macs, run.parameters]),
        };
  const made = table ? sheet() : null;
  return (
    <section className="chart-panel compare-panel" aria-label="Error for the cost">
      <PanelHead title="Error for the cost" definition={DEFINITION} fact={mixed ? "of several data sets" : <Link href={paths.runsPlane(dataset)}>all your runs</Link>} table={table} onTable={setTable} sheet={sheet} />
      <div className="compare-tools">
        <Segmented label="Cost" value={cost} options={COSTS} onChoose={setCost} />
      </div>
      {made ? (
        <SheetTable sheet={made} />
      ) : (
        <div ref={box} className="compare-plane">
          {points.length === 0 ? (
            <p className="compare-nothing">
              <span>A run stands here once it was measured</span>
            </p>
          ) : (
            width > 120 &&
            height > 120 && (
              <PlaneChart
                points={points}
                summary={planeSummary(points, named, "The chosen runs", costAxis(cost))}
                costWords={costAxis(cost)}
                errorWords="error, %"
                logErrors={spreadsFar(points.map((point) => point.error))}
                {...(best ? { best } : {})}
                Card={Card}
                width={width}
                height={height}
              />
            )
          )}
        </div>
      )}
    </section>
  );
}

function dotOf(run: Shown, cost: CostKind): Dot[] {
  const { error, measured_on: on, macs, parameters } = run;
  if (error === null || on === null || !macs || !parameters) return [];
  return [
    {
      id: run.id,
      name: run.letter,
      token: run.look.token,
      cost: cost === "macs" ? macs : parameters,
      size: otherCost(cost) === "macs" ? macs : parameters,
      error,
      mark: on === "test" ? "filled" : "dashed",
      spoken: `${run.letter}: ${run.name}, run ${run.number}: ${runError(error)} wrong of the ${MEASURED[on]}; ${fullCount(macs)} multiply-adds, ${fullCount(parameters)} parameters`,
      href: paths.train(run.experiment, run.id),
      run,
    },
  ];
}

function Card({ point: { run, error } }: { point: Dot }) {
  return (
    <>
      <h3>
        {run.letter} {run.name} <small>run {run.number}</small>
      </h3>
      <p>
        {runError(error)} wrong of the {MEASURED[run.measured_on ?? "test"]}; {fullCount(run.macs ?? 0)} multiply-adds, {fullCount(run.parameters ?? 0)} parameters.
      </p>
    </>
  );
}
