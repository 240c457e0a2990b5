import { dock } from "../canvas/dock";
import type { Blocks } from "../canvas/drawing";
import { shortCount } from "../canvas/words";
import type { Analysis, Network } from "../generated/types";

/** What a column of the dock counts. */
export type Quantity = "macs" | "parameters" | "activation_bytes";

export interface Column {
  /** The first block, where pressing the column leads; one column's only. */
  id: string;
  /** The slab and its tabs, or all blocks of a stage. */
  ids: string[];
  label: string;
  /** The stage it lies in; null outside any. */
  stage: string | null;
  /** Of what leaves it. */
  shape: number[] | null;
  macs: number;
  parameters: number;
  activation_bytes: number;
}

export const valuesOf = (shape: readonly number[] | null): number => shape?.reduce((product, side) => product * side, 1) ?? 0;

/** A column for each slab of the figure, tabs included, so that the columns add up to the totals. */
export function drawnColumns(network: Network, analysis: Analysis | null, blocks: Blocks): Column[] {
  if (!analysis) return [];
  const { root } = dock(network.nodes, network.edges, (block) => blocks.get(block)?.family ?? "");
  const stages = new Map(network.nodes.map((node) => [node.id, node.stage]));
  const columns = new Map<string, Column>();
  for (const id of analysis.order) {
    const facts = analysis.nodes[id];
    const on = root.get(id);
    const slab = on === undefined ? undefined : analysis.nodes[on];
    if (!facts || on === undefined || !slab) continue;
    const column = columns.get(on) ?? { id: on, ids: [], label: slab.label, stage: stages.get(on) ?? null, shape: slab.shape, macs: 0, parameters: 0, activation_bytes: 0 };
    column.ids.push(id);
    column.macs += facts.macs;
    column.parameters += facts.parameters;
    column.activation_bytes += facts.activation_bytes;
    columns.set(on, column);
  }
  return [...columns.values()];
}

/** A column for each stage, in the order of their first blocks; a block outside any stage keeps its own. */
export function stageColumns(columns: readonly Column[], analysis: Analysis): Column[] {
  const records = new Map(analysis.stages.map((stage) => [stage.name, stage]));
  const seen = new Set<string>();
  return columns.flatMap((column) => {
    const record = column.stage === null ? undefined : records.get(column.stage);
    if (!record) return [column];
    if (seen.has(record.name)) return [];
    seen.add(record.name);
    const { name, nodes, shape, macs, parameters, activation_bytes } = record;
    return [{ id: nodes[0] ?? column.id, ids: nodes, label: name, stage: name, shape, macs, parameters, activation_bytes }];
  });
}

/** Neighbouring columns of one stage, to write its name once: [name, first column, columns]. */
export function stageSpans(columns: readonly { stage: string | null }[]): { name: string; first: number; count: number }[] {
  const spans: { name: string; first: number; count: number }[] = [];
  columns.forEach(({ stage }, at) => {
    const last = spans.at(-1);
    if (stage === null) return;
    if (last && last.name === stage && last.first + last.count === at) last.count += 1;
    else spans.push({ name: stage, first: at, count: 1 });
  });
  return spans;
}

export const sumOf = (columns: readonly Column[], quantity: Quantity): number => columns.reduce((sum, column) => sum + column[quantity], 0);

/** A share of a whole in words: "14%", "0.3%", "under 0.1%"; only all of it is "100%". */
export function shareText(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return "0%";
  const share = (100 * part) / whole;
  if (share >= 99.5) return part === whole ? "100%" : `${Math.min(99.9, share).toFixed(1)}%`;
  return share >= 9.95 ? `${Math.round(share)}%` : share >= 0.05 ? `${share.toFixed(1)}%` : "under 0.1%";
}

/** A sentence on the cost, and the bars it speaks of. */
export interface CostFact {
  words: string;
  quantity: Quantity | null;
  ids: ReadonlySet<string>;
}

/** The one thing to see, of columns that are blocks or stages: dense layers that hold most parameters, else the column that does most of the work. */
export function costFact(columns: readonly Column[], isDense: (column: Column) => boolean, each = "block"): CostFact {
  const names = new Map<string, number>();
  for (const { label } of columns) names.set(label, (names.get(label) ?? 0) + 1);
  const nameOf = ({ label, id }: Column) => ((names.get(label) ?? 0) > 1 ? `${label} (${id})` : label); // as notices name it
  const parameters = sumOf(columns, "parameters");
  const macs = sumOf(columns, "macs");
  const dense = columns.filter((column) => column.parameters > 0 && isDense(column));
  const held = sumOf(dense, "parameters");
  if (dense.length > 0 && 2 * held > parameters) {
    const layers = dense.length === 1 && dense[0] ? `${nameOf(dense[0])} holds` : `${dense.length} dense layers hold`;
    return { words: `${layers} ${shortCount(held)} of ${shortCount(parameters)} parameters, ${shareText(held, parameters)}.`, quantity: "parameters", ids: new Set(dense.map((column) => column.id)) };
  }
  const dearest = columns.toSorted((a, b) => b.macs - a.macs)[0];
  if (!dearest || macs === 0) return { words: columns.length > 0 ? "No block multiplies anything yet." : "", quantity: null, ids: new Set() };
  if (10 * dearest.macs < macs) return { words: `No ${each} does more than ${shareText(dearest.macs, macs)} of all multiply-adds.`, quantity: null, ids: new Set() };
  return { words: `${nameOf(dearest)} does ${shareText(dearest.macs, macs)} of all multiply-adds.`, quantity: "macs", ids: new Set([dearest.id]) };
}

/** Columns whose number is written out: the dearest first, each number once, none nearer than `apart` columns to another. */
export function labelled(columns: readonly Column[], quantity: Quantity, apart: number, most: number): Set<number> {
  const order = columns.map((_, at) => at).sort((a, b) => (columns[b]?.[quantity] ?? 0) - (columns[a]?.[quantity] ?? 0));
  const kept: number[] = [];
  for (const at of order) {
    const value = columns[at]?.[quantity];
    if (kept.length === most || !value) break;
    if (kept.every((other) => Math.abs(other - at) >= apart && columns[other]?.[quantity] !== value)) kept.push(at);
  }
  return new Set(kept);
}
