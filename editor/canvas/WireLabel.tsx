import type { Route } from "./route";
import { shapeLines, shapeText } from "./words";

const LETTER = 6.3;

/** Space over the wire, channels under it. A short gap drops the space first; a shortcut carries the whole shape once. */
export function WireLabel({ route, shape, shown = true }: { route: Route | undefined; shape: number[] | null; shown?: boolean }) {
  if (!route?.label || !shape || !shown) return null;
  const { x, y, room, whole } = route.label;
  if (whole) {
    const text = shapeText(shape);
    return room > text.length * LETTER ? <text className="wire-label" x={x} y={y} dy="-.48em">{text}</text> : null;
  }
  const [first = "", second] = shapeLines(shape);
  const space = second === undefined ? null : first;
  const channels = second ?? first;
  return (
    <>
      {space && room > space.length * LETTER - 2 && (
        <text className="wire-label" x={x} y={y} dy="-.48em">
          {space}
        </text>
      )}
      {room > channels.length * LETTER && (
        <text className="wire-label" data-strong="" x={x} y={y} dy={space === null ? "-.48em" : "1.24em"}>
          {channels}
        </text>
      )}
    </>
  );
}
