// Two networks in one drawing: the site says what is added, removed and changed, this puts it on the figure's own pieces.
import type { Blocks, Piece } from "../../canvas/drawing";
import { modelOf, type Model } from "../../canvas/model";
import type { Analysis, DifferenceView, DrawnBlock, Network } from "../../generated/types";
import { readDocument } from "../../store/graph";

export type Mark = DrawnBlock["mark"];

/** What is said of a piece: its own mark, and those of what is drawn on it. */
export interface PieceMark {
  mark: Exclude<Mark, "same">;
  /** Of the tabs: their place among the piece's tabs. */
  tabs: { index: number; mark: Exclude<Mark, "same"> }[];
  /** The piece itself has no mark, only its tabs do. */
  tabsOnly: boolean;
}

export interface DrawnDifference {
  model: Model;
  marks: Map<string, PieceMark>;
  /** Wires by the key of the model. */
  wires: Map<string, "added" | "removed">;
}

/** The document that both networks make together, and what is known of its blocks. */
export function together(view: DifferenceView, before: Analysis | null, after: Analysis | null): { network: Network; analysis: Analysis | null } {
  const sides = { before: readDocument(view.before.network), after: readDocument(view.after.network) };
  const analyses = { before, after };
  const nodes: Network["nodes"] = [];
  const facts: Analysis["nodes"] = {};
  for (const block of view.drawing.blocks) {
    const node = sides[block.of].nodes.find(({ id }) => id === block.node);
    if (!node) continue;
    nodes.push({ ...node, id: block.id, position: null });
    const known = analyses[block.of]?.nodes[block.node];
    if (known) facts[block.id] = known;
  }
  const edges = view.drawing.wires.map(({ source, target }) => ({ source, target }));
  const whole = after ?? before;
  return { network: { ...sides.after, nodes, edges }, analysis: whole && { ...whole, nodes: facts, order: nodes.map(({ id }) => id) } };
}

export function drawDifference(view: DifferenceView, before: Analysis | null, after: Analysis | null, blocks: Blocks, window: { width: number; height: number }): DrawnDifference {
  const { network, analysis } = together(view, before, after);
  const model = modelOf(network, analysis, blocks, window);
  const marks = new Map<string, PieceMark>();
  const folded = new Map<string, Set<Mark>>();
  for (const { id, mark } of view.drawing.blocks) {
    const piece = model.pieces.get(model.drawing.root.get(id) ?? id);
    if (piece?.fold) folded.set(piece.id, (folded.get(piece.id) ?? new Set()).add(mark));
    else if (piece && mark !== "same") marks.set(piece.id, withMark(marks.get(piece.id), piece, id, mark));
  }
  for (const [id, found] of folded) {
    const mark = markOfAll(found);
    if (mark !== "same") marks.set(id, { mark, tabs: [], tabsOnly: false });
  }
  const nodes = new Map(view.drawing.blocks.map(({ id, mark }) => [id, mark]));
  // a tab that came or went says so itself; the wire leaves the same slab as before
  const worn = (id: string) => model.drawing.root.get(id) !== id && nodes.get(id) !== "same";
  const ways = new Map(view.drawing.wires.map((wire) => [`${wire.source}>${wire.target}`, wire.mark]));
  const wires = new Map<string, "added" | "removed">();
  for (const wire of model.drawing.wires) {
    const mark = ways.get(`${wire.from}>${wire.to}`);
    if ((mark === "added" || mark === "removed") && !worn(wire.from) && !worn(wire.to)) wires.set(wire.key, mark);
  }
  return { model, marks, wires };
}

/** A folded stage has one mark for all in it: theirs where they agree, else "changed". */
function markOfAll(found: ReadonlySet<Mark>): Mark {
  const [only] = found;
  return found.size === 1 && only ? only : "changed";
}

function withMark(before: PieceMark | undefined, piece: Piece, id: string, mark: Exclude<Mark, "same">): PieceMark {
  const index = piece.tabs.findIndex((tab) => tab.id === id);
  if (index < 0) return { mark, tabs: before?.tabs ?? [], tabsOnly: false };
  const tabs = [...(before?.tabs ?? []), { index, mark }];
  return before ? { ...before, tabs } : { mark, tabs, tabsOnly: true };
}
