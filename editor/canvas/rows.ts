import type { Drawing, Piece } from "./drawing";
import { type Box, boxAt } from "./geometry";
import type { Hull } from "./hulls";
import { nameSize } from "./names";
import type { Point } from "./rounded";

/** A row of a figure that wraps: lettered as in a paper. */
export interface Row {
  letter: string;
  box: Box;
}

interface Shown {
  drawing: Drawing;
  pieces: ReadonlyMap<string, Piece>;
  places: ReadonlyMap<string, Point>;
  hulls: readonly Hull[];
}

/** The rows of a figure, where a wire leads from the end of each to the beginning of the next; none where it is one row. */
export function rowsOf({ drawing, pieces, places, hulls }: Shown): Row[] {
  const outer = hulls.filter((hull) => !hulls.some((other) => other !== hull && hull.part.parent === other.part.key));
  const home = new Map(outer.flatMap((hull) => hull.pieces.map((id) => [id, hull.part.key] as const)));
  const boxes = new Map<string, Box>(outer.map((hull) => [hull.part.key, hull.box]));
  for (const piece of pieces.values()) {
    const place = places.get(piece.id);
    if (!place || home.has(piece.id)) continue;
    const box = boxAt(piece.size, place.x, place.y);
    boxes.set(piece.id, { ...box, bottom: box.bottom + nameSize(piece).height });
  }
  const at = (id: string) => home.get(id) ?? id;
  const row = groups([...boxes.keys()]);
  const backwards: [string, string][] = [];
  for (const wire of drawing.wires) {
    const [source, target] = [at(wire.source), at(wire.target)];
    const [from, to] = [boxes.get(source), boxes.get(target)];
    if (!from || !to || source === target) continue;
    if (to.left > from.left) row.join(source, target);
    else backwards.push([source, target]);
  }
  const found = new Map<string, Box>();
  for (const [id, box] of boxes) {
    const chief = row.find(id);
    const all = found.get(chief);
    found.set(chief, all ? { left: Math.min(all.left, box.left), right: Math.max(all.right, box.right), top: Math.min(all.top, box.top), bottom: Math.max(all.bottom, box.bottom) } : box);
  }
  const follows = new Map(backwards.map(([source, target]) => [row.find(source), row.find(target)]));
  const first = [...found.keys()].find((chief) => follows.has(chief) && ![...follows.values()].includes(chief));
  const rows: Row[] = [];
  for (let chief = first; chief !== undefined && rows.length < found.size; chief = follows.get(chief)) {
    const box = found.get(chief);
    if (box) rows.push({ letter: String.fromCharCode(97 + rows.length), box });
  }
  const downwards = rows.every((each, index) => index === 0 || each.box.top >= (rows[index - 1]?.box.bottom ?? 0) - 4);
  return downwards && rows.length <= 26 ? rows : [];
}

/** Sets that grow together. */
function groups(ids: readonly string[]) {
  const chief = new Map(ids.map((id) => [id, id]));
  const find = (id: string): string => {
    let at = id;
    for (let up = chief.get(at); up !== undefined && up !== at; up = chief.get(at)) at = up;
    return at;
  };
  return { find, join: (a: string, b: string) => void chief.set(find(b), find(a)) };
}
