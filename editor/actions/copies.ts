/** Copy, paste and duplicate the chosen blocks. */
import { boxAt, ghost } from "../canvas/geometry";
import { meets } from "../canvas/room";
import type { Point } from "../canvas/rounded";
import { stage, withTabs } from "../canvas/stage";
import type { Network, Node } from "../generated/types";
import { useStore } from "../store";
import { useCatalogue } from "../store/catalogue";
import { clip, paste, readClip } from "../store/clipboard";
import { toast } from "../store/ui";
import { documentPlaces, focusSelected } from "./session";

const get = useStore.getState;
const view = (kind: string) => useCatalogue.getState().block[kind];

const copyable = (kind: string): boolean => !view(kind)?.only_one;

/** The chosen blocks as text for the clipboard; null where nothing can be copied. */
export function copySelected(): string | null {
  const { network, selection } = get();
  const clipped = clip(placed(network), withTabs(selection), copyable);
  if (!clipped && selection.length > 0) toast("The input and the output cannot stand twice.");
  return clipped && JSON.stringify(clipped);
}

/** The document with the places blocks have on the page, where it has none itself. */
function placed(network: Network): Network {
  const places = stage.model && documentPlaces(stage.model.stored);
  return { ...network, nodes: network.nodes.map((node) => ({ ...node, position: node.position ?? places?.get(node.id) ?? null })) };
}

export function pasteText(text: string): boolean {
  const clipped = readClip(text);
  if (!clipped) return false;
  const known = clipped.nodes.filter((node) => view(node.block));
  if (known.length < clipped.nodes.length) toast("Some of the copied blocks are unknown here and were left out.", { tone: "warn" });
  if (known.length === 0) return false;
  get().edit(known.length === 1 ? "Paste a block" : `Paste ${known.length} blocks`, (now) => paste(now, { ...clipped, nodes: known }, freeShift(known)));
  focusSelected();
  return true;
}

export function duplicateSelected() {
  const { network, selection } = get();
  const clipped = clip(placed(network), withTabs(selection), copyable);
  if (!clipped) return void toast("The input and the output cannot stand twice.");
  get().edit("Duplicate", (now) => paste(now, clipped, freeShift(clipped.nodes)));
  focusSelected();
}

const STEP = 24; // px

/** How far copies must move to stand on nothing: as little down as can be. */
function freeShift(nodes: readonly Node[]): Point {
  const { model } = stage;
  if (!model) return { x: 32, y: 48 };
  const standing = [...model.stored].flatMap(([id, place]) => {
    const piece = model.drawing.pieces.get(id);
    return piece ? [boxAt(piece.size, place.x, place.y)] : [];
  });
  const copies = nodes.flatMap((node) => (node.position ? [boxAt(model.drawing.pieces.get(node.id)?.size ?? ghost, node.position.x, node.position.y)] : []));
  for (let y = 48; y < 4000; y += STEP) {
    const moved = copies.map((box) => ({ left: box.left + 32, right: box.right + 32, top: box.top + y, bottom: box.bottom + y }));
    if (!moved.some((copy) => standing.some((box) => meets(copy, box)))) return { x: 32, y };
  }
  return { x: 32, y: 48 };
}
