import { percent } from "../../charts/words";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";
import { DEFINITIONS } from "./definitions";
import { PanelHead } from "./PanelHead";

/** What the network says of the probe image: one bar for each class, the true one marked. */
export function PredictionPanel({ session, classes }: { session: RunSession; classes: readonly string[] }) {
  useBeat(250);
  const prediction = session.inside.prediction;
  const probabilities = prediction?.probabilities ?? [];
  const said = probabilities.indexOf(Math.max(...probabilities));
  const name = (index: number) => classes[index] ?? String(index);
  const right = prediction !== null && said === prediction.truth;
  const fact = prediction ? `says ${name(said)}, ${percent(probabilities[said] ?? 0, 0)}${right ? ", right" : prediction.truth === null ? "" : `; it is ${name(prediction.truth)}`}` : "";
  return (
    <section className="side-panel" aria-label="Prediction for the probe image">
      <PanelHead title="Prediction" definition={DEFINITIONS.prediction} fact={fact} />
      <ol className="bars">
        {classes.map((label, index) => {
          const share = probabilities[index] ?? 0;
          return (
            <li key={label} data-true={prediction?.truth === index || undefined} data-said={said === index || undefined} title={`${label}: ${percent(share)}`}>
              <span className="bar-track">
                <span className="bar" style={{ height: `${100 * share}%` }} />
              </span>
              <span className="bar-name">
                {classes.length > 6 && label.length > 3 ? label.slice(0, 3) : label}
                <span className="unseen">{` ${percent(share)}`}</span>
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
