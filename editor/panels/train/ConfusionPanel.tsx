import { useMemo, useState } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { confusionArea, paintConfusion, rowShares } from "../../charts/confusion";
import type { Sheet } from "../../charts/sheet";
import { percent, whole } from "../../charts/words";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";
import { isOver, useRun } from "../../store/run";
import { DEFINITIONS } from "./definitions";
import { DataTable, PanelHead } from "./PanelHead";

/** Rows true, columns said: of the test set once the run is over, of the held-out images before. */
export function ConfusionPanel({ session, classes }: { session: RunSession; classes: readonly string[] }) {
  useBeat(500);
  const over = useRun((state) => isOver(state.run));
  const [table, setTable] = useState(false);
  const [cell, setCell] = useState<[number, number] | null>(null);
  const evaluation = session.inside.evaluations.get("test") ?? session.inside.evaluations.get("validation") ?? null;
  const names = useMemo(() => classes.slice(0, evaluation?.classes ?? classes.length), [classes, evaluation]);
  const shares = useMemo(() => (evaluation ? rowShares(evaluation.confusion, evaluation.classes) : null), [evaluation]);
  const fact = evaluation ? `${evaluation.split === "test" ? "test" : "held out"}, ${percent(evaluation.accuracy)} right` : "rows true, columns said";
  return (
    <section className="side-panel confusion-panel" aria-label="Confusion">
      <PanelHead title="Confusion" definition={DEFINITIONS.confusion} fact={fact} table={table} onTable={evaluation ? setTable : undefined} sheet={evaluation ? () => confusionSheet(evaluation.confusion, names) : undefined} />
      {!evaluation || !shares ? (
        <p className="panel-empty">{over && !session.still ? "The run ended before its first epoch did" : "Comes with the end of the first epoch"}</p>
      ) : table ? (
        <DataTable
          caption="Confusion, percent of each true class"
          head={["True", ...names]}
          rows={names.map((name, row) => [name, ...names.map((_, said) => String(Math.round(100 * (shares[row * names.length + said] ?? 0))))])}
        />
      ) : (
        <>
          <CanvasChart
            summary={`Confusion of ${evaluation.images} ${evaluation.split} images, ${percent(evaluation.accuracy)} right`}
            stamp={() => `${evaluation.split} ${evaluation.step}`}
            paint={(context, width, height) => paintConfusion(context, width, height, [...names], shares)}
            onPoint={(x, y, width, height) => {
              const area = confusionArea(width, height, [...names]);
              const at: [number, number] = [Math.floor(y / area.cellHeight), Math.floor((x - area.left) / area.cellWidth)];
              setCell(at[0] < names.length && at[1] >= 0 && at[1] < names.length ? at : null);
            }}
            onLeave={() => setCell(null)}
          />
          <p className="maps-note">{told(evaluation.confusion, [...names], cell, evaluation.images)}</p>
        </>
      )}
    </section>
  );
}

/** Images by true class, a row each, and what was said of them. */
function confusionSheet(confusion: Int32Array, names: readonly string[]): Sheet {
  return {
    title: "Confusion, images by true class",
    columns: [{ head: "True", say: whole }, ...names.map((head) => ({ head, say: whole }))],
    rows: names.map((name, row) => [name, ...names.map((_, said) => confusion[row * names.length + said] ?? 0)]),
  };
}

function told(confusion: Int32Array, names: string[], cell: [number, number] | null, images: number): string {
  if (!cell) return `Rows true, columns said, % of row; ${whole(images)} images`;
  const row = confusion.subarray(cell[0] * names.length, (cell[0] + 1) * names.length);
  const sum = row.reduce((total, count) => total + count, 0);
  return `${names[cell[0]]} said to be ${names[cell[1]]}: ${whole(row[cell[1]] ?? 0)} of ${whole(sum)}`;
}
