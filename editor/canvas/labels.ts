import type { Piece } from "./drawing";
import type { Box } from "./geometry";
import type { Point } from "./rounded";

const LETTER = 6.2;
const LINE = 15;
/** Longer names end in an ellipsis; as in figure.css. */
const WIDEST = 152;

/** Names that would stand on another name or on a block: the later one is left out, and read on hover instead. */
export function hiddenNames(pieces: ReadonlyMap<string, Piece>, places: ReadonlyMap<string, Point>, unscale = 1): Set<string> {
  const hidden = new Set<string>();
  const taken: Box[] = [];
  for (const piece of [...pieces.values()].sort((a, b) => importance(b) - importance(a))) {
    const place = places.get(piece.id);
    if (!place || piece.form === "point" || piece.form === "hull") continue;
    const half = (Math.min(WIDEST, piece.label.length * LETTER) * unscale) / 2;
    const middle = place.x + piece.size.w / 2;
    const top = place.y + piece.size.h / 2 + 2;
    const box = { left: middle - half, right: middle + half, top, bottom: top + LINE * unscale };
    if (taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom)) hidden.add(piece.id);
    else taken.push(box);
  }
  return hidden;
}

const importance = (piece: Piece): number => piece.size.w * piece.size.h;
