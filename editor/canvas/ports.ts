import { takesText } from "../actions/wiring";
import type { Blocks, Piece } from "./drawing";
import type { Ports } from "./flow";
import { shapeText } from "./words";

/** The ports of a piece and what they say: "takes an image", "gives 16×16×64". */
export function portsOf(piece: Piece, blocks: Blocks): Ports {
  const block = blocks.get(piece.block);
  const takes = block?.takes !== "nothing" && block?.max_inputs !== 0;
  if (piece.fold) return { input: `leads into ${piece.label}`, output: piece.shape ? `gives ${shapeText(piece.shape)}` : "gives what is not known yet" };
  const gives = block?.has_output ?? true;
  return {
    input: takes ? takesText(block) : null,
    output: gives ? (piece.shape ? `gives ${shapeText(piece.shape)}` : "gives what is not known yet") : null,
  };
}
