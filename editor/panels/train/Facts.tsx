import { duration, percent, whole } from "../../charts/words";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { isOver, useRun } from "../../store/run";
import { DEFINITIONS } from "./definitions";

interface Fact {
  name: string;
  value: string;
  title?: string;
}

/** Where the run is and how fast it goes; what it reached once it is over. */
export function Facts({ session, view }: { session: RunSession; view: TimeView }) {
  const run = useRun((state) => state.run);
  useBeat(session.live.lastStep > 0 ? 250 : 0); // the first step is waited for
  const facts = isOver(run) ? ended(session) : going(session, view, run?.state === "running");
  return (
    <dl className="run-facts">
      {facts.map((fact) => (
        <div className="fact" key={fact.name} title={fact.title}>
          <dt>{fact.name}</dt>
          <dd className="number">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

function going({ live }: RunSession, view: TimeView, moving: boolean): Fact[] {
  const { started } = live;
  // How fast it went is no news of a run that stands still.
  const progress = moving ? live.progress : null;
  if (!started) return [];
  const step = Math.round(view.frozen ?? live.lastStep);
  return [
    { name: "Step", value: `${whole(step)} / ${whole(started.total_steps)}` },
    { name: "Epoch", value: `${(step / started.steps_per_epoch).toFixed(1)} / ${started.epochs}` },
    { name: "Images / s", value: progress ? whole(progress.images_per_second) : "–", title: DEFINITIONS.speed },
    { name: "Time left", value: duration(progress?.seconds_left ?? null), title: DEFINITIONS.speed },
    { name: "Telemetry", value: progress ? percent(progress.telemetry_share) : "–", title: DEFINITIONS.telemetry },
  ];
}

function ended({ live }: RunSession): Fact[] {
  const { finished, started } = live;
  if (!started) return [];
  const steps: Fact[] = [{ name: "Steps", value: `${whole(live.lastStep)} / ${whole(started.total_steps)}` }];
  if (!finished) return steps;
  const found = (name: string, value: number | null, title: string): Fact[] => (value === null ? [] : [{ name, value: percent(value, 2), title }]);
  return [
    ...steps,
    { name: "Took", value: duration(finished.seconds), title: "Training time over all attempts, pauses left out" },
    ...(finished.best_epoch === null ? [] : [{ name: finished.restored ? "Best, kept" : "Best", value: `epoch ${finished.best_epoch}`, title: finished.restored ? DEFINITIONS.restored : DEFINITIONS.best }]),
    ...found("Held out", finished.validation_accuracy, DEFINITIONS.accuracy),
    ...found("Test accuracy", finished.test_accuracy, "Share of the test set that is right"),
    ...found("Top-5 error", finished.test_top5_error, DEFINITIONS.top5),
  ];
}
