import { dock } from "../canvas/dock";
import type { Blocks } from "../canvas/drawing";
import type { Analysis, Network } from "../generated/types";

export interface Column {
  id: string;
  /** The slab and its tabs. */
  ids: string[];
  label: string;
  macs: number;
  parameters: number;
}

/** A column for each slab of the figure, tabs included, so that the columns add up to the totals. */
export function drawnColumns(network: Network, analysis: Analysis | null, blocks: Blocks): Column[] {
  if (!analysis) return [];
  const { root } = dock(network.nodes, network.edges, (block) => blocks.get(block)?.family ?? "");
  const columns = new Map<string, Column>();
  for (const id of analysis.order) {
    const facts = analysis.nodes[id];
    const on = root.get(id);
    if (!facts || on === undefined || !analysis.nodes[on]) continue;
    const column = columns.get(on) ?? { id: on, ids: [], label: analysis.nodes[on].label, macs: 0, parameters: 0 };
    column.ids.push(id);
    column.macs += facts.macs;
    column.parameters += facts.parameters;
    columns.set(on, column);
  }
  return [...columns.values()];
}
