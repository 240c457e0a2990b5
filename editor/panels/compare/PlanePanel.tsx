import { useMemo, useRef, useState } from "react";
import { PlaneChart } from "../../charts/PlaneChart";
import { spreadsFar } from "../../charts/plane";
import type { Comparison } from "../../generated/types";
import { Link, paths } from "../../routes";
import { Segmented } from "../../ui/Segmented";
import { type CostKind, COSTS, costAxis, fullCount, planeSummary, runError } from "../plane/quantities";
import { dotOf, MEASURED, type RunDot } from "../plane/runPoints";
import { PanelHead, SheetTable } from "../train/PanelHead";
import { useElementSize } from "../useElementSize";
import type { Sheet } from "../../charts/sheet";
import type { Shown } from "./view";

type Dot = RunDot<Shown>;

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
  const points = useMemo(() => runs.filter((run) => !run.hidden).flatMap((run) => dots(run, cost)), [runs, cost]);
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

function dots(run: Shown, cost: CostKind): Dot[] {
  return dotOf(run, cost).map((dot) => ({ ...dot, name: run.letter, after: "", token: run.look.token, spoken: `${run.letter}: ${dot.spoken}` }));
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
