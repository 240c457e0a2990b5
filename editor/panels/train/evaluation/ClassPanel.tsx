import { useState } from "react";
import { percent, whole } from "../../../charts/words";
import type { EvaluationView } from "../../../live/inside";
import { DEFINITIONS } from "../definitions";
import { DataTable, PanelHead } from "../PanelHead";
import { classAccuracies, type Kind } from "./kinds";

interface ClassPanelProps {
  evaluation: EvaluationView;
  names: readonly string[];
  picked: Kind | null;
  onPick: (kind: Kind | null) => void;
}

/** Accuracy of each class, the worst first; a press shows the class's mistakes. */
export function ClassPanel({ evaluation, names, picked, onPick }: ClassPanelProps) {
  const [table, setTable] = useState(false);
  const classes = classAccuracies(evaluation);
  return (
    <section className="side-panel class-panel" aria-label="Accuracy of each class">
      <PanelHead title="Accuracy of each class" definition={DEFINITIONS.classes} fact="worst first" table={table} onTable={setTable} />
      {table ? (
        <DataTable
          caption="Accuracy of each class"
          head={["Class", "Right", "Images", "Accuracy"]}
          rows={classes.map(({ index, right, images, accuracy }) => [names[index] ?? String(index), whole(right), whole(images), percent(accuracy)])}
        />
      ) : (
        <ol className="class-bars">
          {classes.map(({ index, right, images, accuracy }) => {
            const chosen = picked?.truth === index && picked.said === null;
            return (
              <li key={index}>
                <button
                  type="button"
                  aria-pressed={chosen}
                  title="Show its mistakes"
                  onClick={() => onPick(chosen ? null : { truth: index, said: null })}
                >
                  <span className="class-name">{names[index]}</span>
                  <span className="class-track">
                    <span style={{ width: `${100 * (Number.isFinite(accuracy) ? accuracy : 0)}%` }} />
                  </span>
                  <span className="class-share">{percent(accuracy)}</span>
                  <span className="class-count">{`${whole(right)} of ${whole(images)}`}</span>
                  <span className="unseen">right</span>
                </button>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
