import type { ReactFlowInstance } from "@xyflow/react";
import type { BlockFlowNode } from "./BlockNode";
import { fitFigure } from "./fit";
import type { HullFlowNode } from "./HullNode";
import type { Model } from "./model";
import type { Point } from "./rounded";
import type { WireFlowEdge } from "./ShapeEdge";

/** The figure that is on the page, for actions that depend on where things stand. Written by the canvas alone. */
interface Stage {
  model: Model | null;
  flow: ReactFlowInstance<BlockFlowNode | HullFlowNode, WireFlowEdge> | null;
  root: HTMLElement | null;
  window: { width: number; height: number };
  /** Blocks with an error written below them. */
  notes: ReadonlySet<string>;
  /** The block that had the keyboard when the search for a block began: the found one goes after it. */
  searchedFrom: string | null;
}

export const stage: Stage = { model: null, flow: null, root: null, window: { width: 900, height: 560 }, notes: new Set(), searchedFrom: null };

/** The blocks that something drawn stands for: a folded slab and a hull hold several. */
export function blocksIn(id: string): string[] {
  const { model } = stage;
  return model?.pieces.get(id)?.fold?.ids ?? model?.hulls.find((hull) => hull.part.key === id)?.part.ids ?? [id];
}

/** The blocks an id stands for: a slab takes its tabs with it. */
export function withTabs(ids: readonly string[]): string[] {
  const pieces = stage.model?.pieces;
  return [...new Set(ids.flatMap((id) => [id, ...(pieces?.get(id)?.tabs.map((tab) => tab.id) ?? [])]))];
}

/** What a block is drawn on: itself, the slab it is a tab of, or a folded stage. */
export const drawnOn = (id: string): string => stage.model?.drawing.root.get(id) ?? id;

/** What is drawn of the chosen blocks: a slab while its tab is not what is chosen, a folded slab for what it holds. */
export function chosenPieces(model: Model, selection: readonly string[]): Set<string> {
  const pieces = selection.map((id) => {
    const on = model.drawing.root.get(id);
    return on !== undefined && model.pieces.get(on)?.fold ? on : id;
  });
  return new Set(pieces);
}

/** Show the whole figure. */
export const fitStage = () => fitFigure(stage.model && { ...stage.model, notes: stage.notes }, stage.flow as ReactFlowInstance | null, stage.root);

/** The middle of what is seen, in the figure's own coordinates. */
export function middleOfView(): Point {
  const box = stage.root?.getBoundingClientRect();
  if (!box || !stage.flow) return { x: 0, y: 0 };
  return stage.flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 });
}

/** Give the keyboard to a block, and bring it into view where it is outside. */
export function focusBlock(id: string) {
  const root = drawnOn(id);
  const element = stage.root?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(root)}"]`);
  element?.focus({ preventScroll: true });
  showBlock(id);
}

/** The block that has the keyboard. */
export const focusedBlock = (): string | null => document.activeElement?.closest<HTMLElement>(".react-flow__node")?.dataset.id ?? null;

/** Bring a block into view where it is outside. */
export function showBlock(id: string) {
  const root = drawnOn(id);
  const element = stage.root?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(root)}"]`);
  const view = stage.root?.getBoundingClientRect();
  const box = element?.getBoundingClientRect();
  if (!view || !box || !stage.flow) return;
  const inside = box.left > view.left + 4 && box.right < view.right - 4 && box.top > view.top + 4 && box.bottom < view.bottom - 40;
  if (!inside) void stage.flow.setCenter(...centreOf(root), { zoom: stage.flow.getZoom(), duration: calm() ? 0 : 200 });
}

function centreOf(id: string): [number, number] {
  const hull = stage.model?.hulls.find((other) => other.part.key === id);
  if (hull) return [(hull.box.left + hull.box.right) / 2, (hull.box.top + hull.box.bottom) / 2];
  const piece = stage.model?.pieces.get(id);
  const place = stage.model?.places.get(id);
  return [(place?.x ?? 0) + (piece?.size.w ?? 0) / 2, place?.y ?? 0];
}

export const calm = (): boolean => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
