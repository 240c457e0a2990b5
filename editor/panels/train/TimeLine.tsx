import { useRef } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { smooth } from "../../charts/scale";
import { colour, figures, words } from "../../charts/theme";
import { short, whole } from "../../charts/words";
import type { Event } from "../../generated/types";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { freeze, isOver, useRun } from "../../store/run";
import { drawn } from "./curves";

const SIDE = 9;

/** The whole run as a line: faint loss, epochs, flags, and the moment that is shown. Moving the thumb freezes the page there. */
export function TimeLine({ session, view }: { session: RunSession; view: TimeView }) {
  const { live } = session;
  useBeat(250);
  const over = useRun((state) => isOver(state.run));
  const asked = useRef<ReturnType<typeof setTimeout> | null>(null);
  const total = Math.max(1, live.started?.total_steps ?? 1);
  const shown = Math.round(view.frozen ?? live.lastStep);
  const move = (step: number) => {
    const to = Math.max(0, Math.min(live.lastStep, step));
    view.set({ frozen: to });
    if (asked.current) clearTimeout(asked.current);
    asked.current = setTimeout(() => freeze(to >= live.lastStep ? null : to), 120);
  };
  return (
    <div className="time-line">
      <CanvasChart
        summary="Time line of the run"
        stamp={() => `${live.table("steps")?.version} ${live.events.length} ${live.lastStep} ${total} ${view.frozen ?? ""}`}
        paint={(context, width, height) => paintTimeLine(context, width, height, session, view, total)}
      />
      <input
        type="range"
        aria-label="Step shown"
        aria-valuetext={`step ${whole(shown)} of ${whole(total)}${view.frozen === null ? (over ? ", the end" : ", live") : ""}`}
        min={0}
        max={total}
        step={1}
        value={shown}
        disabled={!live.started}
        onChange={(event) => move(Number(event.target.value))}
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
  paintFlags(context, live.events, x, width);
  context.beginPath();
  context.arc(x(Math.min(total, view.frozen ?? live.lastStep)), track + 3, 8, 0, 2 * Math.PI);
  context.fillStyle = colour("raised");
  context.fill();
  context.lineWidth = 2;
  context.strokeStyle = colour("accent");
  context.stroke();
}

function paintLoss(context: CanvasRenderingContext2D, session: RunSession, x: (step: number) => number, total: number): void {
  const table = session.live.table("steps");
  if (!table || table.length < 2) return;
  const values = smooth(table.steps, drawn(session.live.series("loss")).values, 0.95, total);
  const highest = values.reduce((most, value) => (value > most ? value : most), 0) || 1;
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
    const alert = event.name === "warning";
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
  return "";
}
