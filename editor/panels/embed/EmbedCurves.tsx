import type { EmbedView } from "../../generated/types";
import { percentRight } from "../runWords";

const WIDTH = 440;
const HEIGHT = 120;
const EDGE = 3;

type Point = [number, number];

const path = (points: readonly Point[]) => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;

/** The training loss, and the accuracy on held-out images beside it, each on its own scale from 0. */
export function EmbedCurves({ view }: { view: EmbedView }) {
  const { steps, loss, held_out_steps: heldSteps, held_out: held } = view;
  if (loss.length < 2) {
    return <p className="embed-none">{view.run ? "The curve begins with the first steps." : "Not trained yet."}</p>;
  }
  const end = Math.max(view.run?.total_steps && view.live ? view.run.total_steps : 0, steps.at(-1) ?? 1, heldSteps.at(-1) ?? 0);
  const most = Math.max(...loss) * 1.05 || 1;
  const place = (step: number, share: number): Point => [EDGE + (step / end) * (WIDTH - 2 * EDGE), HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)];
  const lossLine = loss.map((value, index) => place(steps[index] ?? 0, value / most));
  const heldLine = held.map((value, index) => place(heldSteps[index] ?? 0, value));
  const lastLoss = loss.at(-1) ?? 0;
  const lastHeld = held.at(-1);
  const words = `Training loss from ${(loss[0] ?? 0).toPrecision(3)} to ${lastLoss.toPrecision(3)}${lastHeld === undefined ? "" : `; held-out accuracy ${percentRight(lastHeld)} at the end`}.`;
  return (
    <figure className="embed-curves">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path className="embed-base" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
        <path className="embed-loss" d={path(lossLine)} />
        {heldLine.length > 1 && <path className="embed-held" d={path(heldLine)} />}
      </svg>
      <figcaption>
        <span data-line="loss">Training loss {lastLoss.toPrecision(3)}</span>
        {lastHeld !== undefined && <span data-line="held">Held-out accuracy {percentRight(lastHeld)}</span>}
      </figcaption>
    </figure>
  );
}
