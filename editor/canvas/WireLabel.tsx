import type { CSSProperties } from "react";
import type { Route } from "./route";
import { shapeLines, shapeText } from "./words";

const LETTER = 6.3;
/** Labels that would fit at this many times their size only are never drawn. */
const LEAST = 0.5;

/**
 * Space over the wire, channels under it. A short gap drops the space first; a shortcut carries the whole shape once.
 * Each line knows up to which scale of words it fits; the style sheet hides it beyond.
 */
export function WireLabel({ route, shape, still = false }: { route: Route | undefined; shape: number[] | null; still?: boolean }) {
  if (!route?.label || !shape) return null;
  const { room, whole, over } = route.label;
  const [x, y] = [tenth(route.label.x), tenth(route.label.y)];
  const [first = "", second] = whole ? [shapeText(shape)] : shapeLines(shape);
  const space = second === undefined ? null : first;
  const channels = second ?? first;
  return (
    <>
      {space && <Line text={space} room={room + 2} x={x} y={y} dy={over ? "-1.66em" : "-.48em"} still={still} />}
      <Line text={channels} room={room} x={x} y={y} dy={space === null || over ? "-.48em" : "1.24em"} strong={!whole} still={still} />
    </>
  );
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

interface LineProps {
  text: string;
  room: number;
  x: number;
  y: number;
  dy: string;
  strong?: boolean;
  /** Drawn at its own size for good. */
  still: boolean;
}

function Line({ text, room, x, y, dy, strong = false, still }: LineProps) {
  const fits = room / (text.length * LETTER);
  if (fits < (still ? 1 : LEAST)) return null;
  return (
    <text className="wire-label" data-strong={strong ? "" : undefined} x={x} y={y} dy={dy} style={still ? undefined : ({ "--fits": fits.toFixed(2) } as CSSProperties)}>
      {text}
    </text>
  );
}
