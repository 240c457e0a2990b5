import { useEffect, useState } from "react";
import { percent, short, whole } from "../../charts/words";
import type { EvaluationView, Split } from "../../live/inside";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";
import { useMistakes } from "../../live/use_mistakes";
import type { TimeView } from "../../live/view";
import { isOver, useRun } from "../../store/run";
import { IconButton } from "../../ui/Button";
import { Segmented } from "../../ui/Segmented";
import { DEFINITIONS } from "./definitions";
import { ClassPanel } from "./evaluation/ClassPanel";
import { ConfusionPanel } from "./evaluation/ConfusionPanel";
import { ErrorChart } from "./evaluation/ErrorChart";
import type { Kind } from "./evaluation/kinds";
import { MistakesPanel } from "./evaluation/MistakesPanel";
import { nothingYet } from "./nothing";
import { PanelHead } from "./PanelHead";
import "./evaluation.css";

interface EvaluationPanelProps {
  session: RunSession;
  view: TimeView;
  classes: readonly string[];
  /** It stands over the figure and the charts. */
  large: boolean;
  onLarge: (large: boolean) => void;
}

const SPLITS: readonly { value: Split; label: string }[] = [
  { value: "train", label: "Train" },
  { value: "validation", label: "Held out" },
  { value: "test", label: "Test" },
];
const OF: Record<Split, string> = { train: "training", validation: "held-out", test: "test" };

/** How well the network does on training, held-out and test images, epoch by epoch: errors, confusion, classes, worst mistakes. */
export function EvaluationPanel({ session, view, classes, large, onLarge }: EvaluationPanelProps) {
  useBeat(500);
  const run = useRun((state) => state.run);
  const over = isOver(run);
  const [split, setSplit] = useState<Split | null>(null);
  const [picked, setPicked] = useState<Kind | null>(null);
  const mistakes = useMistakes(session, over);
  const { evaluations } = session.inside;
  const shown = split ?? (evaluations.has("test") ? "test" : "validation");
  const evaluation = evaluations.get(shown);
  const perEpoch = session.live.started?.steps_per_epoch ?? Number.NaN;
  const names = Array.from({ length: evaluation?.classes ?? 0 }, (_, index) => classes[index] ?? String(index));
  useEffect(() => {
    if (!large) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) onLarge(false);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [large, onLarge]);
  return (
    <div className="evaluation" data-large={large || undefined}>
      <section className="side-panel evaluation-head" aria-label="Evaluation">
        <PanelHead title="Evaluation" definition={DEFINITIONS.evaluation} fact={evaluation ? `after epoch ${whole(evaluation.step / perEpoch)}` : ""}>
          <IconButton label={large ? "Back to the column" : "Open large"} hint={large ? "Esc" : undefined} icon="fit" size="small" aria-pressed={large} onClick={() => onLarge(!large)} />
        </PanelHead>
        <Segmented label="Images" value={shown} options={SPLITS} onChoose={setSplit} />
        {evaluation ? <Figures evaluation={evaluation} /> : <p className="panel-empty">{why(shown, session, over, nothingYet(run))}</p>}
      </section>
      <ErrorChart session={session} view={view} />
      {evaluation && (
        <>
          <ConfusionPanel evaluation={evaluation} names={names} of={OF[shown]} picked={picked} onPick={setPicked} />
          <MistakesPanel
            evaluation={evaluation}
            mistakes={mistakes.get(shown)}
            names={names}
            picked={picked}
            onPick={setPicked}
            stepsPerEpoch={perEpoch}
            over={over || session.still !== null}
          />
          <ClassPanel evaluation={evaluation} names={names} picked={picked} onPick={setPicked} />
        </>
      )}
    </div>
  );
}

function Figures({ evaluation }: { evaluation: EvaluationView }) {
  const { images, part, split, seconds, time_share: share } = evaluation;
  const sampled = part > images;
  const which = sampled ? `A fixed sample of ${whole(images)} of the ${whole(part)} ${OF[split]} images` : `All ${whole(images)} ${OF[split]} images`;
  const cost = seconds > 0 ? ` in ${short(seconds)} s; such passes take ${percent(share)} of the run's time` : "";
  return (
    <>
      <dl className="evaluation-figures">
        <Figure name="Top-1 error" value={percent(1 - evaluation.accuracy, 2)} />
        <Figure name="Top-5 error" value={percent(evaluation.top5_error, 2)} />
        <Figure name="Loss" value={evaluation.loss === null ? "no number" : short(evaluation.loss)} />
        <Figure name="Wrong" value={whole(Math.round((1 - evaluation.accuracy) * images))} />
      </dl>
      <p className="evaluation-note">{`${which}${cost}.`}</p>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Why there is nothing to show of a part. */
function why(split: Split, session: RunSession, over: boolean, noSteps: string): string {
  if (session.live.lastStep === 0) return noSteps;
  if (split === "test") {
    if (session.still && session.live.inside.evaluations.has("test")) return "The test set was looked at only at the end of the run";
    return over ? "The run ended before its last epoch did, so the test set was not looked at" : "The test set is looked at once, when the run ends";
  }
  if (session.inside.evaluations.has("validation") && over) return "This run did not look at training images after its epochs";
  if (session.still) return "No epoch had ended yet";
  return over ? "The run ended before its first epoch did" : "Comes with the end of the first epoch";
}
