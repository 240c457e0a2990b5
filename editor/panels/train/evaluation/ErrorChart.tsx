import { useState } from "react";
import type { LineChartOptions } from "../../../charts/line_chart";
import { StepChart } from "../../../charts/StepChart";
import { percent, whole } from "../../../charts/words";
import type { RunSession } from "../../../live/session";
import type { TimeView } from "../../../live/view";
import { airy, flagSteps } from "../curves";
import { DEFINITIONS } from "../definitions";
import { DataTable, PanelHead } from "../PanelHead";
import { bestOf, type EpochError, epochErrors, errorLines, type ErrorKind } from "./errors";

const LEFT = 36;
const RIGHT = 92;
const percentTick = (value: number) => String(Number((100 * value).toPrecision(3)));
const fit = (low: number, high: number, log: boolean): [number, number] => {
  const [floor, top] = airy(low, high, log);
  return [floor, Math.min(log ? 1.2 : 1, Math.max(top, 0.001))];
};
const chart = (title: string, bare: boolean): LineChartOptions => ({ title, left: LEFT, right: RIGHT, format: (value) => percent(value, 2), tick: percentTick, fit, bare });
const CHARTS: Record<ErrorKind, LineChartOptions> = { top1: chart("top-1 error, %", true), top5: chart("top-5 error, %", false) };

/** Top-1 error above, top-5 below, of each epoch; the best one and the last are marked. */
export function ErrorChart({ session, view }: { session: RunSession; view: TimeView }) {
  const { live } = session;
  const [table, setTable] = useState(false);
  const [log, setLog] = useState(false);
  const until = view.shown;
  const held = epochErrors(live, "validation", until);
  const best = bestOf(held, "top1");
  const fact = best ? `best ${percent(best.top1, 2)}, epoch ${whole(best.epoch)}` : "";
  const stamp = () => `${live.table("validation")?.version} ${live.table("training")?.version} ${session.inside.version} ${live.lastStep} ${log}`;
  const empty = () => (epochErrors(live, "validation").length === 0 ? "After the first epoch" : null);
  const draw = (kind: ErrorKind) => (
    <StepChart
      view={view}
      options={CHARTS[kind]}
      summary={summary(kind, held)}
      stamp={stamp}
      empty={empty}
      picture={() => ({
        range: view.range,
        flags: flagSteps(live),
        now: live.lastStep,
        lines: errorLines(live, kind, session.inside.evaluations.get("test"), view.shown),
        log,
      })}
    />
  );
  return (
    <section className="side-panel error-panel" aria-label="Error by epoch">
      <PanelHead title="Error by epoch" definition={DEFINITIONS.errors} fact={fact} table={table} onTable={setTable}>
        <span className="switch" role="group" aria-label="Error axis">
          <button type="button" aria-pressed={log} title="Errors on a logarithmic axis; an error of zero is not drawn there" onClick={() => setLog(!log)}>
            log
          </button>
        </span>
      </PanelHead>
      {table ? (
        <ErrorTable session={session} until={until} />
      ) : (
        <div className="error-charts">
          {draw("top1")}
          {draw("top5")}
        </div>
      )}
    </section>
  );
}

function summary(kind: ErrorKind, held: readonly EpochError[]): string {
  const name = kind === "top1" ? "Top-1" : "Top-5";
  const [best, last] = [bestOf(held, kind), held.at(-1)];
  if (!best || !last) return `${name} error by epoch: not measured yet`;
  return `${name} error by epoch, held out: best ${percent(best[kind], 2)} in epoch ${whole(best.epoch)}, last ${percent(last[kind], 2)}`;
}

function ErrorTable({ session, until }: { session: RunSession; until: number }) {
  const train = new Map(epochErrors(session.live, "training", until).map((each) => [each.step, each]));
  const rows = epochErrors(session.live, "validation", until)
    .map((held) => {
      const sampled = train.get(held.step);
      return [whole(held.epoch), say(sampled?.top1), say(held.top1), say(sampled?.top5), say(held.top5)];
    })
    .reverse();
  return <DataTable caption="Error by epoch, percent" head={["Epoch", "Top-1 train", "held out", "Top-5 train", "held out "]} rows={rows} />;
}

const say = (error: number | undefined): string => percent(error ?? Number.NaN, 2);
