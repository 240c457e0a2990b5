import type { Piece } from "./drawing";
import { type Box, boxAt } from "./geometry";
import type { Hull } from "./hulls";
import { type Level, nameSize } from "./names";
import type { Point } from "./rounded";

/** Names that would stand on another name or on a block: the less important one is left out, and read on hover instead. From afar the name of a run is said once, by its hull. */
export function hiddenNames(pieces: ReadonlyMap<string, Piece>, places: ReadonlyMap<string, Point>, unscale = 1, level: Level = "near", hulls: readonly Hull[] = []): Set<string> {
  const told = new Set(level === "near" ? [] : hulls.flatMap((hull) => (hull.part.kind === "run" ? hull.pieces : [])));
  const hidden = new Set<string>();
  const bodies = [...pieces.values()].flatMap((piece) => {
    const place = places.get(piece.id);
    return place && piece.form !== "point" && piece.form !== "hull" ? [{ id: piece.id, box: boxAt(piece.size, place.x, place.y) }] : [];
  });
  const taken: Box[] = [];
  for (const piece of [...pieces.values()].sort((a, b) => importance(b) - importance(a))) {
    const place = places.get(piece.id);
    const { width, height } = nameSize(piece, level);
    if (!place || width === 0) continue;
    const half = (width * unscale) / 2;
    const middle = place.x + piece.size.w / 2;
    const top = place.y + piece.size.h / 2 + 2;
    const box = { left: middle - half, right: middle + half, top, bottom: top + height * unscale };
    if (told.has(piece.id) || taken.some((other) => meet(box, other)) || bodies.some((body) => body.id !== piece.id && meet(box, body.box))) hidden.add(piece.id);
    else taken.push(box);
  }
  return hidden;
}

const meet = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Folded parts first, for one name of theirs speaks for many blocks. */
const importance = (piece: Piece): number => (piece.fold ? 1e6 * (piece.fold.kind === "stage" ? 2 : 1) : 0) + piece.size.w * piece.size.h;
