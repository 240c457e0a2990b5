/** What pointer and keys do on any chart over the steps: point to read, drag to zoom, press twice to see all, walk and zoom with the keyboard. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from "react";
import type { TimeView } from "../live/view";

/** Where the axis lies in the chart, CSS pixels. */
export interface AxisArea {
  left: number;
  width: number;
  top: number;
  height: number;
}

/** Pixels a drag must span to be a zoom and not a shaky press. */
const LEAST_DRAG = 6;
/** How much one key zooms, and which share of the width it moves on. */
const ZOOM = 0.5;
const PAN = 0.2;

/** Does what a key means on the axis; false for a key that means nothing there. Arrows, Home and End only once zoomed: before, they belong to the time line. */
export function axisKey(view: TimeView, { key, shiftKey }: { key: string; shiftKey: boolean }): boolean {
  const share = shiftKey ? 1 : PAN;
  switch (key) {
    case "+":
    case "=":
      view.zoomBy(ZOOM);
      return true;
    case "-":
    case "_":
      view.zoomBy(1 / ZOOM);
      return true;
    case "0":
      view.set({ zoom: null });
      return true;
    default:
  }
  if (!view.zoom) return false;
  const [from, to] = view.zoom;
  const [first, last] = view.all;
  if (key === "ArrowLeft") view.pan(-share);
  else if (key === "ArrowRight") view.pan(share);
  else if (key === "Home") view.zoomTo(first, first + to - from);
  else if (key === "End") view.zoomTo(last - (to - from), last);
  else return false;
  return true;
}

interface Gestures {
  view: TimeView;
  area: () => AxisArea;
  /** Also told of every place that is pointed at; null where the pointer has left. */
  onPoint?: ((place: { x: number; y: number } | null) => void) | undefined;
  /** A press that was no drag. */
  onPress?: ((place: { x: number; y: number }) => void) | undefined;
}

/** Handlers for the chart's box, and the brush to draw in it. */
export function useTimeAxis({ view, area, onPoint, onPress }: Gestures) {
  const brush = useRef<HTMLDivElement>(null);
  const drag = useRef<number | null>(null);
  const placeOf = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const stepAt = (x: number): number => {
    const { left, width } = area();
    const [from, to] = view.range;
    return from + Math.max(0, Math.min(1, (x - left) / width)) * (to - from);
  };
  const outside = (x: number) => x < area().left || x > area().left + area().width;
  const end = () => {
    drag.current = null;
    if (brush.current) brush.current.hidden = true;
  };
  const box = {
    tabIndex: 0,
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const place = placeOf(event);
      view.set({ hover: drag.current === null && outside(place.x) ? null : stepAt(place.x) });
      onPoint?.(place);
      if (drag.current === null || !brush.current) return;
      const { left, width, top, height } = area();
      const [first, second] = [drag.current, place.x].map((x) => Math.max(left, Math.min(left + width, x))) as [number, number];
      if (Math.abs(second - first) < LEAST_DRAG) return;
      brush.current.hidden = false;
      Object.assign(brush.current.style, { left: `${Math.min(first, second)}px`, width: `${Math.abs(second - first)}px`, top: `${top}px`, height: `${height}px` });
    },
    onPointerLeave: () => {
      view.set({ hover: null });
      onPoint?.(null);
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = placeOf(event).x;
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const from = drag.current;
      end();
      if (from === null) return;
      const place = placeOf(event);
      const steps = [stepAt(from), stepAt(place.x)].sort((a, b) => a - b) as [number, number];
      if (Math.abs(place.x - from) < LEAST_DRAG) onPress?.(place);
      else if (steps[1] - steps[0] >= 2) view.zoomTo(Math.floor(steps[0]), Math.ceil(steps[1]));
    },
    onPointerCancel: end,
    onDoubleClick: () => view.set({ zoom: null }),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey || !axisKey(view, event)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  const drawing: ReactNode = <div ref={brush} className="brush" hidden />;
  return { box, brush: drawing };
}
