import { useEffect, useRef } from "react";
import type { TimeView } from "../live/view";
import { LineChart, type LineChartOptions } from "./line_chart";
import type { Picture } from "./line_picture";
import { registerSharp } from "./sharp";
import { useChart } from "./use_chart";
import { useTimeAxis } from "./use_time_axis";
import { whole } from "./words";

interface StepChartProps {
  view: TimeView;
  summary: string;
  options: LineChartOptions;
  stamp: () => string;
  picture: () => Picture;
  /** Words instead of curves while there is nothing to draw; null once there is. */
  empty: () => string | null;
}

/** Curves on the shared axis. */
export function StepChart({ view, summary, options, stamp, picture, empty }: StepChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const hair = useRef<HTMLDivElement>(null);
  const note = useRef<HTMLParagraphElement>(null);
  const chart = useRef<LineChart | null>(null);
  const settings = useRef(options);

  useEffect(() => {
    if (!place.current) return undefined;
    const made = new LineChart(place.current, settings.current);
    chart.current = made;
    if (box.current) registerSharp(box.current, (scale) => made.sharp(scale));
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, []);

  // The curves are drawn when they change, ten times a second; names, values and the hairline with every move of the pointer.
  useChart(box, {
    stamp: () => `${stamp()} ${empty()} ${view.stamp} ${chart.current ? 1 : 0}`,
    paint: (width, height) => {
      chart.current?.paint({ ...picture(), at: view.line }, width, height);
      if (note.current && chart.current) placeNote(note.current, chart.current, empty());
    },
  });
  useChart(box, {
    stamp: () => `${stamp()} ${view.stamp} ${view.line ?? ""} ${chart.current ? 1 : 0}`,
    paint: () => {
      if (!chart.current) return;
      chart.current.paintOver({ ...picture(), at: view.line });
      if (hair.current) placeHairline(hair.current, chart.current, view);
    },
  });

  const axis = useTimeAxis({ view, area: () => chart.current?.area ?? { left: 0, width: 1, top: 0, height: 0 } });

  return (
    <div
      ref={box}
      className="chart step-chart"
      role="group"
      aria-label={options.title}
      {...axis.box}
    >
      <div ref={place} className="chart-place" role="img" aria-label={summary} />
      <div ref={hair} className="hairline" hidden>
        {!options.bare && <span />}
      </div>
      {axis.brush}
      <p ref={note} className="chart-empty" hidden>
        <span />
      </p>
    </div>
  );
}

function placeNote(note: HTMLParagraphElement, chart: LineChart, words: string | null): void {
  const { left, width, top, height } = chart.area;
  note.hidden = words === null;
  if (words !== null && note.firstElementChild) note.firstElementChild.textContent = words;
  Object.assign(note.style, { left: `${left}px`, width: `${width}px`, top: `${top}px`, height: `${height}px` });
}

function placeHairline(hair: HTMLDivElement, chart: LineChart, view: TimeView): void {
  const { left, width, top, height } = chart.area;
  placeLine(hair, view, left, width);
  const [from, to] = [`${top}px`, `${height}px`];
  if (hair.style.top !== from) hair.style.top = from;
  if (hair.style.height !== to) hair.style.height = to;
  // The step stands on the axis, over its numbers.
  if (hair.firstElementChild && view.line !== null) hair.firstElementChild.textContent = whole(Math.round(view.line));
}

/** Moves a hairline to the view's step; hides it where there is none in range. */
export function placeLine(hair: HTMLDivElement, view: TimeView, left: number, width: number): void {
  const [from, to] = view.range;
  const step = view.line;
  const hidden = step === null || step < from || step > to;
  if (hair.hidden !== hidden) hair.hidden = hidden;
  if (step !== null) hair.style.transform = `translateX(${left + (width * (step - from)) / (to - from)}px)`;
}
