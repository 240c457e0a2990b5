import type { Piece } from "./drawing";
import type { Inside } from "./inside";
import { StaticPieces } from "./StaticPieces";

/** An open composite block: a dotted hull with an italic name, and the figure of what is inside. */
export function OpenHull({ piece, inside }: { piece: Piece; inside: Inside }) {
  const { w, h } = piece.size;
  return (
    <>
      <rect className="hull" x="0" y={-h / 2} width={w} height={h} rx="8" />
      <text className="hull-name" x="14" y={-h / 2 + 20}>
        {piece.label}
      </text>
      <StaticPieces pieces={inside.drawing.pieces} wires={inside.drawing.wires} places={inside.places} routes={inside.routes} />
    </>
  );
}
