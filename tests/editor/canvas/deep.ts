/** Networks for the tests of folding: a small catalogue, and a residual network with stages. */
import { blocksOf } from "../../../editor/canvas/blocks";
import type { Analysis, BlockView, Network, NodeAnalysis } from "../../../editor/generated/types";
import { readDocument } from "../../../editor/store/graph";

const FAMILIES: Record<string, string> = { input: "data", output: "data", conv2d: "conv", max_pool: "pool", add: "join", relu: "activation", residual: "join", dense: "dense" };

export const blocks = blocksOf(
  Object.fromEntries(Object.entries(FAMILIES).map(([kind, family]) => [kind, { kind, family, label: kind, fields: [], has_output: kind !== "output", max_inputs: kind === "add" ? null : kind === "input" ? 0 : 1, takes: kind === "input" ? "nothing" : "any", composite: kind === "residual" } as unknown as BlockView])),
);

export interface Spec {
  id: string;
  block: string;
  stage?: string | null;
  params?: Record<string, unknown>;
}

/** Blocks in a row. */
export function chainOf(specs: readonly Spec[], edges?: readonly string[]): Network {
  const wires = edges?.map((edge) => edge.split(">")) ?? specs.slice(1).map((spec, index) => [specs[index]?.id, spec.id]);
  return readDocument({ name: "deep", nodes: specs, edges: wires.map(([source, target]) => ({ source, target })) });
}

/** Input, a stem, stages of so many equal residual blocks each, a head, output. */
export function residual(...counts: number[]): Network {
  const body = counts.flatMap((count, stage) => Array.from({ length: count }, (_, at) => ({ id: `s${stage + 1}_${at + 1}`, block: "residual", stage: `Stage ${stage + 1}`, params: { filters: 8 * 2 ** stage } })));
  return chainOf([
    { id: "input", block: "input" },
    { id: "conv", block: "conv2d", stage: "Stem" },
    { id: "relu", block: "relu", stage: "Stem" },
    { id: "pool", block: "max_pool", stage: "Stem" },
    ...body,
    { id: "dense", block: "dense", stage: "Head" },
    { id: "output", block: "output" },
  ]);
}

/** Shapes and costs as the site would send them: each block has 10 parameters and 100 multiply-adds. */
export function analysed(network: Network, change: Record<string, Partial<NodeAnalysis>> = {}): Analysis {
  const nodes = Object.fromEntries(
    network.nodes.map((node) => [node.id, { block: node.block, label: node.label ?? node.block, inputs: [], shape: [16, 8, 8], parameters: 10, macs: 100, receptive_field: null, activation_bytes: 0, weight_bytes: 40, formulas: {}, inside: null, ...change[node.id] }]),
  );
  return { nodes, order: network.nodes.map((node) => node.id), totals: { parameters: 0, macs: 0 }, stages: [], notices: [], trainable: true } as unknown as Analysis;
}
