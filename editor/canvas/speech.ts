import type { Piece, Wire } from "./drawing";
import { fullCount, shapeText } from "./words";

/** A block for those who hear the page: "Conv 3×3, output 26×26×32, 320 parameters". */
export function pieceSpeech(piece: Piece): string {
  const parts = [piece.label];
  if (piece.tabs.length > 0) parts.push(`with ${piece.tabs.map((tab) => tab.label).join(" and ")}`);
  parts.push(piece.shape ? `output ${shapeText(piece.shape)}` : "output unknown");
  if (piece.parameters > 0) parts.push(`${fullCount(piece.parameters)} parameters`);
  return parts.join(", ");
}

export const wireSpeech = (wire: Wire, name: (id: string) => string): string =>
  `Wire from ${name(wire.from)} to ${name(wire.to)}${wire.shape ? `, ${shapeText(wire.shape)}` : ""}`;
