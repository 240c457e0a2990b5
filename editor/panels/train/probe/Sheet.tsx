import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import type { Picture } from "./image_file";

/** Pixels of the longer side: far finer than any network's input. */
const SIDE = 280;
/** The keyboard's pen moves by this share of the sheet. */
const STEP = 1 / 28;

const MOVES: Record<string, [x: number, y: number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

type Point = [x: number, y: number];

interface SheetProps {
  shape: { width: number; height: number };
  /** Width of a stroke, as a share of the sheet's side. */
  brush: number;
  ink: string;
  paper: string;
  /** Grows when the sheet is to be wiped. */
  wiped: number;
  onDrawn: (picture: Picture) => void;
  /** The pen was lifted. */
  onLifted: () => void;
}

/** A sheet to draw on with mouse, finger, pen or keys. */
export function Sheet({ shape, brush, ink, paper, wiped, onDrawn, onLifted }: SheetProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<Point | null>(null);
  /** Where the sheet lay when the stroke began: what appears above it must not tear the stroke apart. */
  const area = useRef<DOMRect | null>(null);
  const [cursor, setCursor] = useState<{ at: Point; down: boolean } | null>(null);
  const longest = Math.max(shape.width, shape.height);
  const [width, height] = [Math.round((SIDE * shape.width) / longest), Math.round((SIDE * shape.height) / longest)];
  const context = () => canvas.current?.getContext("2d", { willReadFrequently: true }) ?? null;

  useEffect(() => {
    const drawing = context();
    if (!drawing) return;
    drawing.fillStyle = paper;
    drawing.fillRect(0, 0, width, height);
    last.current = null;
  }, [paper, wiped, width, height]);

  const draw = (from: Point, to: Point) => {
    const drawing = context();
    if (!drawing) return;
    drawing.strokeStyle = ink;
    drawing.lineWidth = brush * SIDE;
    drawing.lineCap = "round";
    drawing.lineJoin = "round";
    drawing.beginPath();
    drawing.moveTo(from[0] * width, from[1] * height);
    drawing.lineTo(to[0] * width + 0.01, to[1] * height); // a point is a line, too
    drawing.stroke();
    onDrawn({ rgba: drawing.getImageData(0, 0, width, height).data, width, height });
  };
  const place = (event: PointerEvent): Point => {
    const { left, top, width: wide, height: tall } = area.current as DOMRect;
    return [(event.clientX - left) / wide, (event.clientY - top) / tall];
  };
  const press = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setCursor(null);
    area.current = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    last.current = place(event);
    draw(last.current, last.current);
  };
  const move = (event: PointerEvent<HTMLDivElement>) => {
    if (!last.current) return;
    const to = place(event);
    draw(last.current, to);
    last.current = to;
  };
  const lift = () => {
    if (last.current) onLifted();
    last.current = null;
  };
  const key = (event: KeyboardEvent) => {
    const step = MOVES[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    const { at, down } = cursor ?? { at: [0.5, 0.5] as Point, down: false };
    if (!step) {
      if (!down) draw(at, at);
      setCursor({ at, down: !down });
      return;
    }
    const within = (value: number) => Math.max(0, Math.min(1, value));
    const to: Point = [within(at[0] + step[0] * STEP), within(at[1] + step[1] * STEP)];
    if (down) draw(at, to);
    setCursor({ at: to, down });
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application role is operated by its own keys
    <div
      className="sheet"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is drawn on with the keys
      tabIndex={0}
      role="application"
      aria-label="Sheet to draw on: draw with the pointer, or move the pen with the arrow keys; Space puts it down and lifts it"
      style={{ aspectRatio: `${shape.width} / ${shape.height}` }}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={lift}
      onPointerCancel={lift}
      onKeyDown={key}
      onBlur={() => setCursor(null)}
    >
      <canvas ref={canvas} width={width} height={height} aria-hidden="true" />
      {cursor && <i className="sheet-pen" data-down={cursor.down || undefined} style={{ left: `${100 * cursor.at[0]}%`, top: `${100 * cursor.at[1]}%` }} />}
      <span className="unseen" aria-live="polite">
        {cursor ? `Pen ${cursor.down ? "down" : "up"}` : ""}
      </span>
    </div>
  );
}
