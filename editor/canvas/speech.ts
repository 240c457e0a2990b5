import type { Piece, Wire } from "./drawing";
import type { FoldFacts } from "./folding";
import type { Hull } from "./hulls";
import { fullCount, shapeText } from "./words";

/** A block for those who hear the page: "Conv 3×3, output 26×26×32, 320 parameters". */
export function pieceSpeech(piece: Piece): string {
  if (piece.fold) return foldSpeech(piece, piece.fold);
  const parts = [piece.label];
  if (piece.tabs.length > 0) parts.push(`with ${piece.tabs.map((tab) => tab.label).join(" and ")}`);
  parts.push(piece.shape ? `output ${shapeText(piece.shape)}` : "output unknown");
  if (piece.parameters > 0) parts.push(`${fullCount(piece.parameters)} parameters`);
  return parts.join(", ");
}

export const wireSpeech = (wire: Wire, name: (id: string) => string): string =>
  `Wire from ${name(wire.from)} to ${name(wire.to)}${wire.shape ? `, ${shapeText(wire.shape)}` : ""}`;

function foldSpeech(piece: Piece, fold: FoldFacts): string {
  const parts = fold.kind === "stage" ? [piece.label, "folded stage", fold.holds] : [fold.holds, "folded"];
  parts.push(piece.shape ? `output ${shapeText(piece.shape)}` : "output unknown");
  parts.push(`${fullCount(piece.parameters)} parameters`, `${fullCount(piece.macs)} multiply-adds`);
  return parts.join(", ");
}

export const hullSpeech = ({ part }: Hull): string =>
  part.kind === "stage" ? `${part.name}, open stage of ${part.pieces.length} ${part.pieces.length === 1 ? "block" : "blocks"}` : `${part.pieces.length} equal blocks, ${part.name}, open`;
