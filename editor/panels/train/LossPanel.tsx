import { useState } from "react";
import type { LineChartOptions } from "../../charts/line_chart";
import { StepChart } from "../../charts/StepChart";
import { percent, short, tickWords, whole } from "../../charts/words";
import { useRun } from "../../store/run";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { accuracyRange, airy, bestHeldOut, bestWords, drawn, flagSteps, lossSheet, trainAndHeldOut } from "./curves";
import { DEFINITIONS } from "./definitions";
import { nothingYet } from "./nothing";
import { PanelHead, SheetTable } from "./PanelHead";

/** Room for 0.0025 beside the axis, the same for both charts, so that their steps stand one above the other. */
const LEFT = 44;

const LOSS: LineChartOptions = {
  title: "loss",
  left: LEFT,
  format: short,
  tick: tickWords,
  fit: airy,
  bare: true,
  flagNames: true,
};
const ACCURACY: LineChartOptions = {
  title: "accuracy, %",
  left: LEFT,
  format: (value) => percent(value),
  tick: (value) => String(Number((100 * value).toPrecision(4))),
  fit: accuracyRange,
};
const RATE: LineChartOptions = {
  title: "learning rate",
  left: LEFT,
  format: short,
  tick: tickWords,
  fit: (low, high, log) => (log ? airy(low, high, true) : [0, high * 1.15 || 1]),
};

interface PanelProps {
  session: RunSession;
  view: TimeView;
}

/** Loss above, accuracy or the learning rate below, on one step axis. */
export function LossPanel({ session, view }: PanelProps) {
  const { live } = session;
  const [table, setTable] = useState(false);
  const [lower, setLower] = useState<"accuracy" | "rate">("accuracy");
  const smoothing = useRun((state) => state.smoothing);
  const logLoss = useRun((state) => state.logLoss);
  const stamp = () => `${live.table("steps")?.version} ${live.table("validation")?.version} ${live.lastStep} ${smoothing} ${logLoss} ${live.events.length}`;
  const common = () => ({ range: view.range, flags: flagSteps(live), now: live.lastStep });
  useBeat(2000);
  const frozen = useRun((state) => state.frozen);
  const spoken = (quantity: "loss" | "accuracy") => {
    const say = quantity === "loss" ? short : (value: number) => percent(value);
    const at = frozen ?? Number.POSITIVE_INFINITY;
    const best = bestHeldOut(live, quantity);
    const most = best ? `; best held out ${say(best.value)} at step ${whole(best.step)}` : "";
    return `at step ${whole(frozen ?? live.lastStep)} train ${say(live.value(quantity, null, at))}, held out ${say(live.heldOut(quantity, at))}${most}`;
  };
  const run = useRun((state) => state.run);
  const empty = () => ((live.table("steps")?.length ?? 0) === 0 ? nothingYet(run) : null);
  return (
    <section className="chart-panel loss-panel" aria-label="Loss and accuracy">
      <PanelHead title="Loss and accuracy" definition={`${DEFINITIONS.loss} ${DEFINITIONS.accuracy}`} fact={bestWords(live)} table={table} onTable={setTable} sheet={() => lossSheet(live)}>
        <LossControls lower={lower} onLower={setLower} />
      </PanelHead>
      {table ? (
        <LossTable session={session} />
      ) : (
        <div className="stacked-charts">
          <StepChart
            view={view}
            options={LOSS}
            summary={`Loss: ${spoken("loss")}`}
            stamp={stamp}
            empty={empty}
            picture={() => ({ ...common(), lines: trainAndHeldOut(live, view, "loss", smoothing), log: logLoss })}
          />
          {lower === "accuracy" ? (
            <StepChart
              key="accuracy"
              view={view}
              options={ACCURACY}
              summary={`Accuracy: ${spoken("accuracy")}`}
              stamp={stamp}
              empty={empty}
              picture={() => ({ ...common(), lines: trainAndHeldOut(live, view, "accuracy", smoothing), log: false })}
            />
          ) : (
            <StepChart
              key="rate"
              view={view}
              options={RATE}
              summary={`Learning rate: ${short(live.value("learning_rate"))}`}
              stamp={stamp}
              empty={empty}
              picture={() => ({
                ...common(),
                lines: [{ label: "rate", token: "series-1", ...drawn(view.series("learning_rate")), shown: view.value("learning_rate") }],
                log: logLoss,
              })}
            />
          )}
        </div>
      )}
    </section>
  );
}

function LossControls({ lower, onLower }: { lower: "accuracy" | "rate"; onLower: (lower: "accuracy" | "rate") => void }) {
  const smoothing = useRun((state) => state.smoothing);
  const logLoss = useRun((state) => state.logLoss);
  return (
    <>
      <label className="smoothing" title="How much of the past the bold line keeps">
        <span className="unseen">Smoothing</span>
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          aria-valuetext={`smoothing ${smoothing.toFixed(2)}`}
          onChange={(event) => useRun.setState({ smoothing: Number(event.target.value) })}
        />
      </label>
      <span className="switch" role="group" aria-label="Charts">
        <button type="button" aria-pressed={logLoss} title="Loss and learning rate on a logarithmic axis" onClick={() => useRun.setState({ logLoss: !logLoss })}>
          log
        </button>
        <button type="button" aria-pressed={lower === "rate"} title="Learning rate in place of accuracy" onClick={() => onLower(lower === "rate" ? "accuracy" : "rate")}>
          rate
        </button>
      </span>
    </>
  );
}

function LossTable({ session }: { session: RunSession }) {
  useBeat(1000);
  const sheet = lossSheet(session.live);
  return sheet ? <SheetTable sheet={sheet} newestFirst /> : <p className="panel-empty">There are no numbers yet.</p>;
}
