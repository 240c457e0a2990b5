import { type HTMLAttributes, type PointerEvent, type ReactNode, useEffect, useRef } from "react";
import { registerSharp } from "./sharp";
import { freshContext, useChart } from "./use_chart";

interface CanvasChartProps {
  /** One line for those who do not see it. */
  summary: string;
  stamp: () => string;
  paint: (context: CanvasRenderingContext2D, width: number, height: number) => void;
  className?: string;
  style?: React.CSSProperties;
  /** What the box does where the chart has an axis of steps: see useTimeAxis. */
  box?: HTMLAttributes<HTMLDivElement>;
  onPoint?: (x: number, y: number, width: number, height: number) => void;
  onLeave?: () => void;
  onPress?: (x: number, y: number, width: number, height: number) => void;
  children?: ReactNode;
}

/** A canvas drawn by hand that fills its box. */
export function CanvasChart({ summary, stamp, paint, className, style, box: does, onPoint, onLeave, onPress, children }: CanvasChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useChart(box, {
    stamp,
    paint: (width, height) => {
      if (canvas.current) paint(freshContext(canvas.current, width, height), width, height);
    },
  });
  const latest = useRef(paint);
  latest.current = paint;
  useEffect(() => {
    const chart = box.current;
    if (!chart) return;
    registerSharp(chart, async (scale) => {
      const copy = document.createElement("canvas");
      const [width, height] = [chart.clientWidth, chart.clientHeight];
      latest.current(freshContext(copy, width, height, scale), width, height);
      return copy;
    });
  }, []);
  const at = (handler: CanvasChartProps["onPoint"]) => (event: PointerEvent<HTMLDivElement>) => {
    const area = event.currentTarget.getBoundingClientRect();
    handler?.(event.clientX - area.left, event.clientY - area.top, area.width, area.height);
  };
  return (
    <div
      ref={box}
      className={className ? `chart ${className}` : "chart"}
      style={style}
      onPointerMove={onPoint && at(onPoint)}
      onPointerLeave={onLeave}
      onPointerDown={onPress && at(onPress)}
      {...does}
    >
      <canvas ref={canvas} role="img" aria-label={summary} />
      {children}
    </div>
  );
}
