import type { KeyboardEvent } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { remembered } from "../../charts/remember";
import { smooth } from "../../charts/scale";
import { colour, figures, words } from "../../charts/theme";
import { short, whole } from "../../charts/words";
import type { Event } from "../../generated/types";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { isOver, useRun } from "../../store/run";
import { goTo, stepOfKey } from "../../store/time";
import { drawn } from "./curves";

const SIDE = 9;

/** The whole run as a line: faint loss, epochs, flags, and the moment that is shown. Moving the thumb freezes the page there. */
export function TimeLine({ session, view }: { session: RunSession; view: TimeView }) {
  const { live } = session;
  useBeat(250);
  const over = useRun((state) => isOver(state.run));
  const frozen = useRun((state) => state.frozen);
  const total = Math.max(1, live.started?.total_steps ?? 1);
  const shown = Math.round(frozen ?? live.lastStep);
  // The range itself steps by 1: of a hundred thousand steps that would be less than a pixel, so arrows go by rows.
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = stepOfKey(event.key, event.shiftKey);
    if (step === null) return;
    event.preventDefault();
    event.stopPropagation();
    goTo(step);
  };
  return (
    <div className="time-line">
      <CanvasChart
        summary="Time line of the run"
        stamp={() => `${live.table("steps")?.version} ${live.events.length} ${live.lastStep} ${total} ${view.frozen ?? ""} ${view.hover ?? ""} ${view.zoom?.join() ?? ""}`}
        paint={(context, width, height) => paintTimeLine(context, width, height, session, view, total)}
      />
      <input
        type="range"
        aria-label="Step shown"
        aria-valuetext={`step ${whole(shown)} of ${whole(total)}${frozen === null ? (over ? ", the end" : ", live") : ""}`}
        title="Arrows go by rows, with Shift by ten; Page up and down by epochs; Home and End"
        min={0}
        max={total}
        step={1}
        value={shown}
        disabled={!live.started}
        onKeyDown={press}
        onChange={(event) => goTo(Number(event.target.value))}
      />
    </div>
  );
}

function paintTimeLine(context: CanvasRenderingContext2D, width: number, height: number, session: RunSession, view: TimeView, total: number): void {
  const { live } = session;
  const x = (step: number) => SIDE + (step / total) * (width - 2 * SIDE);
  const track = 28;
  paintLoss(context, session, x, total);
  context.fillStyle = colour("sunken");
  context.strokeStyle = colour("rule-2");
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(SIDE, track, width - 2 * SIDE, 6, 3);
  context.fill();
  context.stroke();
  context.fillStyle = colour("accent");
  context.beginPath();
  context.roundRect(SIDE, track, Math.max(0, x(live.lastStep) - SIDE), 6, 3);
  context.fill();
  paintEpochs(context, session, x, height);
  if (view.zoom) paintZoom(context, view.zoom, x, track);
  if (view.hover !== null) paintHair(context, x(view.hover), height);
  paintFlags(context, live.events, x, width);
  context.beginPath();
  context.arc(x(Math.min(total, view.frozen ?? live.lastStep)), track + 3, 8, 0, 2 * Math.PI);
  context.fillStyle = colour("raised");
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = colour("accent");
  context.stroke();
}

/** The part that the charts show. */
function paintZoom(context: CanvasRenderingContext2D, [from, to]: [number, number], x: (step: number) => number, track: number): void {
  context.strokeStyle = colour("ink-2");
  context.lineWidth = 1.5;
  context.strokeRect(x(from), track - 2, Math.max(2, x(to) - x(from)), 10);
}

/** The charts' hairline goes on here. */
function paintHair(context: CanvasRenderingContext2D, at: number, height: number): void {
  context.fillStyle = colour("accent");
  context.fillRect(at - 0.5, 0, 1, height - 12);
}

function paintLoss(context: CanvasRenderingContext2D, session: RunSession, x: (step: number) => number, total: number): void {
  const table = session.live.table("steps");
  if (!table || table.length < 2) return;
  const { values, highest } = remembered(table, "time line", String(total), () => {
    const soft = smooth(table.steps, drawn(session.live.series("loss")).values, 0.95, total);
    return { values: soft, highest: soft.reduce((most, value) => (value > most ? value : most), 0) || 1 };
  });
  const stride = Math.max(1, Math.floor(values.length / 600));
  context.beginPath();
  for (let row = 0; row < values.length; row += stride) {
    const y = 24 - (19 * (values[row] as number)) / highest;
    if (row === 0) context.moveTo(x(table.steps[row] as number), y);
    else context.lineTo(x(table.steps[row] as number), y);
  }
  context.strokeStyle = colour("rule-2");
  context.lineWidth = 1.5;
  context.stroke();
}

function paintEpochs(context: CanvasRenderingContext2D, session: RunSession, x: (step: number) => number, height: number): void {
  const started = session.live.started;
  if (!started) return;
  const room = x(started.total_steps) - x(0);
  const stride = Math.max(1, Math.ceil((started.epochs * 34) / room));
  context.fillStyle = colour("ink-3");
  context.strokeStyle = colour("rule-2");
  context.font = figures(10.5);
  context.textBaseline = "bottom";
  context.lineWidth = 1;
  const first = x(0) - SIDE + context.measureText("epoch 0").width + 8;
  for (let epoch = 0; epoch <= started.epochs; epoch += stride) {
    const at = x(Math.min(started.total_steps, epoch * started.steps_per_epoch));
    context.beginPath();
    context.moveTo(at, 36);
    context.lineTo(at, 39);
    context.stroke();
    if (epoch > 0 && at - 8 < first) continue;
    context.textAlign = epoch === 0 ? "left" : epoch >= started.epochs ? "right" : "center";
    context.fillText(epoch === 0 ? "epoch 0" : String(epoch), epoch === 0 ? at - SIDE : epoch >= started.epochs ? at + SIDE : at, height);
  }
}

function paintFlags(context: CanvasRenderingContext2D, events: Event[], x: (step: number) => number, width: number): void {
  let taken = -Infinity;
  const goneOn = new Set(events.filter((event) => event.name === "restarted").map((event) => event.step));
  for (const event of events) {
    if (event.name === "warning" && goneOn.has(event.step)) continue;
    const name = flagName(event);
    if (!name) continue;
    const at = x(event.step);
    const alert = event.name === "warning" || event.name === "alert";
    context.fillStyle = colour(alert ? "warn-line" : "series-1");
    context.beginPath();
    if (alert) context.arc(at, 21, 4, 0, 2 * Math.PI);
    else {
      context.moveTo(at, 27);
      context.lineTo(at - 5, 19);
      context.lineTo(at + 5, 19);
    }
    context.fill();
    context.font = words(11);
    context.textBaseline = "alphabetic";
    const wide = context.measureText(name).width;
    const left = Math.min(at - 4, width - wide);
    if (left < taken) continue;
    context.fillStyle = colour("ink-2");
    context.textAlign = "left";
    context.fillText(name, left, 14);
    taken = left + wide + 8;
  }
}

function flagName(event: Event): string {
  if (event.name === "learning_rate") return event.value === null ? "rate" : `rate ${short(event.value)}`;
  if (event.name === "restarted") return "restarted";
  if (event.name === "continued") return "gone on with";
  if (event.name === "rule") return event.message.slice(0, Math.max(0, event.message.indexOf(":"))).toLowerCase();
  if (event.name === "warning") return "broke off";
  if (event.name === "alert") return event.message.split(":")[0] ?? "alert";
  return "";
}
