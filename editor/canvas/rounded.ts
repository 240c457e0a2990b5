export interface Point {
  x: number;
  y: number;
}

const clean = (value: number): number => Math.round(value * 10) / 10;

/** A path through points with rounded corners. */
export function rounded(points: Point[], radius = 8): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${clean(first.x)} ${clean(first.y)}`;
  rest.forEach((corner, index) => {
    const before = points[index] ?? first;
    const after = rest[index + 1];
    if (!after) {
      path += `L${clean(corner.x)} ${clean(corner.y)}`;
      return;
    }
    const enter = towards(corner, before, radius);
    const leave = towards(corner, after, radius);
    path += `L${clean(enter.x)} ${clean(enter.y)}Q${clean(corner.x)} ${clean(corner.y)} ${clean(leave.x)} ${clean(leave.y)}`;
  });
  return path;
}

/** The point `radius` from `from` on the way to `to`, at most half way. */
function towards(from: Point, to: Point, radius: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(radius, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** A wire that runs level to `bend`, swings over to the height of its end within `reach`, and runs level again. */
export function swing(start: Point, end: Point, bend: number, reach: number): string {
  const half = bend + reach / 2;
  const curve = `C${clean(half)} ${clean(start.y)} ${clean(half)} ${clean(end.y)} ${clean(bend + reach)} ${clean(end.y)}`;
  return `M${clean(start.x)} ${clean(start.y)}L${clean(bend)} ${clean(start.y)}${curve}L${clean(end.x)} ${clean(end.y)}`;
}
