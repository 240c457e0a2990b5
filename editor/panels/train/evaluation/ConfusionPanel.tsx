import { type KeyboardEvent, useRef, useState } from "react";
import { CanvasChart } from "../../../charts/CanvasChart";
import { confusionArea, paintConfusion, rowShares } from "../../../charts/confusion";
import { percent, whole } from "../../../charts/words";
import type { EvaluationView } from "../../../live/inside";
import { DEFINITIONS } from "../definitions";
import { DataTable, PanelHead } from "../PanelHead";
import { cellWords, countOf, type Kind } from "./kinds";
import { walk } from "./walk";

interface ConfusionPanelProps {
  evaluation: EvaluationView;
  names: readonly string[];
  /** "held out", for the words. */
  of: string;
  picked: Kind | null;
  onPick: (kind: Kind | null) => void;
}

/** Rows true, columns said. A press on a cell asks for the mistakes of that kind, on the diagonal for all of the class. */
export function ConfusionPanel({ evaluation, names, of, picked, onPick }: ConfusionPanelProps) {
  const [table, setTable] = useState(false);
  const [errors, setErrors] = useState(true);
  const [cell, setCell] = useState<[number, number] | null>(null);
  const { confusion, classes } = evaluation;
  const rows = Array.from({ length: classes }, (_, row) => [names[row] ?? String(row), ...Array.from(confusion.subarray(row * classes, (row + 1) * classes), whole)]);
  return (
    <section className="side-panel confusion-panel" aria-label="Confusion">
      <PanelHead title="Confusion" definition={DEFINITIONS.confusion} fact={<span title="Rows: the true class; columns: what was said">rows are true</span>} table={table} onTable={setTable}>
        {!table && (
          <span className="switch" role="group" aria-label="Colours of the confusion">
            <button type="button" aria-pressed={errors} title="Colour the mistakes alone, and write how many" onClick={() => setErrors(!errors)}>
              mistakes
            </button>
          </span>
        )}
      </PanelHead>
      {table ? (
        <DataTable caption="Confusion, images: rows true, columns said" head={["True", ...names]} rows={rows} />
      ) : (
        <>
          <CanvasChart
            className="confusion-chart"
            summary={`Confusion of ${whole(evaluation.images)} ${of} images, ${percent(evaluation.accuracy)} right`}
            stamp={() => `${evaluation.split} ${evaluation.step} ${evaluation.images} ${errors} ${names.join()}`}
            paint={(context, width, height) => paintConfusion(context, width, height, [...names], { shares: rowShares(confusion, classes), counts: confusion, errors })}
            onLeave={() => setCell(null)}
          >
            <Cells evaluation={evaluation} names={names} picked={picked} onPick={onPick} onCell={setCell} />
          </CanvasChart>
          <p className="maps-note">{cell ? cellWords(evaluation, names, ...cell) : `${whole(evaluation.images)} ${of} images. Press a cell to see its mistakes`}</p>
        </>
      )}
    </section>
  );
}

interface CellsProps extends Pick<ConfusionPanelProps, "evaluation" | "names" | "picked" | "onPick"> {
  onCell: (cell: [number, number] | null) => void;
}

/** A button over each painted cell; the arrow keys walk them. */
function Cells({ evaluation, names, picked, onPick, onCell }: CellsProps) {
  const { classes } = evaluation;
  const [focus, setFocus] = useState(0);
  const grid = useRef<HTMLDivElement>(null);
  const { left, bottom } = confusionArea(0, 0, [...names]);
  const kindOf = (truth: number, said: number): Kind => ({ truth, said: truth === said ? null : said });
  const pressed = (kind: Kind) => picked?.truth === kind.truth && picked.said === kind.said;
  const press = (event: KeyboardEvent) => {
    const next = walk(event.key, focus, classes * classes, classes);
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    setFocus(next);
    grid.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div ref={grid} className="confusion-cells" role="group" aria-label="Kinds of mistakes" style={{ left, bottom, gridTemplateColumns: `repeat(${classes}, 1fr)`, gridTemplateRows: `repeat(${classes}, 1fr)` }}>
      {Array.from({ length: classes * classes }, (_, index) => {
        const [truth, said] = [Math.floor(index / classes), index % classes];
        const kind = kindOf(truth, said);
        return (
          <button
            key={index}
            type="button"
            tabIndex={index === focus ? 0 : -1}
            aria-pressed={pressed(kind)}
            aria-label={cellWords(evaluation, names, truth, said)}
            data-empty={countOf(evaluation, kind) === 0 || undefined}
            onPointerEnter={() => onCell([truth, said])}
            onFocus={() => {
              setFocus(index);
              onCell([truth, said]);
            }}
            onBlur={() => onCell(null)}
            onKeyDown={press}
            onClick={() => onPick(pressed(kind) ? null : kind)}
          />
        );
      })}
    </div>
  );
}
