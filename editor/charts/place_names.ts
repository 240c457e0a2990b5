/** Names beside the dots they belong to, none on another name or on a dot; what finds no place is left to hover and focus. */

export interface NamedDot {
  x: number;
  y: number;
  radius: number;
  /** Width of its name, px. */
  width: number;
}

export interface NamePlace {
  /** Left end and middle of the line of words. */
  x: number;
  y: number;
  /** Where the thread from the dot to a name that stands away from it begins and ends; null where they touch. */
  thread: [number, number, number, number] | null;
}

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Height of a line of words, px. */
export const LINE = 15;
/** Directions in the order they are tried: right of the dot reads best. */
const DIRECTIONS: [number, number][] = [[1, 0], [-1, 0], [0, -1], [0, 1], [0.8, -0.6], [0.8, 0.6], [-0.8, -0.6], [-0.8, 0.6], [0.4, -0.92], [0.4, 0.92], [-0.4, -0.92], [-0.4, 0.92]];
/** From the dot's edge to the name, px; the first that is free is taken. */
const DISTANCES = [4, 12, 22, 36, 52];
/** Beyond this a thread leads to the name. */
const TOUCHING = 8;

const overlap = (a: Area, b: Area): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

function onDot(box: Area, { x, y, radius }: NamedDot): boolean {
  const dx = x - Math.max(box.left, Math.min(x, box.right));
  const dy = y - Math.max(box.top, Math.min(y, box.bottom));
  return dx * dx + dy * dy < (radius + 1) ** 2;
}

/** The box of a name at a distance from its dot, in a direction. */
function boxAt(dot: NamedDot, [dx, dy]: [number, number], distance: number): Area {
  const away = dot.radius + distance;
  const [x, y] = [dot.x + dx * away, dot.y + dy * away];
  const left = dx > 0.3 ? x : dx < -0.3 ? x - dot.width : x - dot.width / 2;
  const top = dy < -0.7 ? y - LINE : dy > 0.7 ? y : y - LINE / 2;
  return { left, top, right: left + dot.width, bottom: top + LINE };
}

const crossing = (box: Area, lines: readonly Area[]): boolean => lines.some((line) => overlap(box, line));

/**
 * A place for each dot's name, in the order of the list: the first ones choose first. `dots` beyond `names` have no name but
 * must not be covered; names keep off `lines` (thin boxes) where there is another place as near.
 */
export function placeNames(dots: readonly NamedDot[], names: number, area: Area, lines: readonly Area[] = []): (NamePlace | null)[] {
  const taken: Area[] = [];
  return dots.slice(0, names).map((dot) => {
    const free = (box: Area) =>
      box.left >= area.left && box.right <= area.right && box.top >= area.top && box.bottom <= area.bottom && !taken.some((other) => overlap(box, other)) && !dots.some((other) => onDot(box, other));
    const found = firstFree(dot, free, lines);
    if (!found) return null;
    const { box, direction, distance } = found;
    taken.push({ left: box.left - 3, right: box.right + 3, top: box.top, bottom: box.bottom });
    return { x: box.left, y: box.top + LINE / 2, thread: distance > TOUCHING ? threadOf(dot, direction, distance) : null };
  });
}

function firstFree(dot: NamedDot, free: (box: Area) => boolean, lines: readonly Area[]) {
  for (const distance of DISTANCES) {
    const places = DIRECTIONS.map((direction) => ({ box: boxAt(dot, direction, distance), direction, distance })).filter(({ box }) => free(box));
    const clear = places.find(({ box }) => !crossing(box, lines)) ?? places[0];
    if (clear) return clear;
  }
  return null;
}

function threadOf(dot: NamedDot, [dx, dy]: [number, number], distance: number): [number, number, number, number] {
  const at = (away: number): [number, number] => [dot.x + dx * away, dot.y + dy * away];
  return [...at(dot.radius + 1), ...at(dot.radius + distance - 2)];
}
