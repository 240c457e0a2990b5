import type { Analysis, BlockView, Network, NodeAnalysis, Stage, Totals } from "../../../editor/generated/types";

interface Given {
  id: string;
  block?: string;
  stage?: string;
  label?: string;
  shape: number[] | null;
  macs?: number;
  parameters?: number;
}

const node = ({ block = "conv2d", label, id, shape, macs = 0, parameters = 0 }: Given): NodeAnalysis => ({
  block,
  label: label ?? id,
  inputs: [],
  shape,
  parameters,
  macs,
  receptive_field: null,
  activation_bytes: 4 * (shape?.reduce((product, side) => product * side, 1) ?? 0),
  weight_bytes: 4 * parameters,
  formulas: {},
  inside: null,
});

export const totals = (given: Partial<Totals> = {}): Totals => ({ parameters: 0, macs: 0, activation_bytes: 0, depth: 0, weight_bytes: 0, inference_bytes: 0, training_bytes: 0, receptive_field: null, formulas: {}, ...given });

/** A network and its analysis, as the site would answer: wires as "a>b". */
export function analysed(blocks: Given[], wires: string[]): { network: Network; analysis: Analysis } {
  const edges = wires.map((wire) => ({ source: wire.split(">")[0] ?? "", target: wire.split(">")[1] ?? "" }));
  const nodes = blocks.map(({ id, block = "conv2d", stage = null }) => ({ id, block, label: null, stage, params: {}, position: null }));
  const facts = Object.fromEntries(blocks.map((block) => [block.id, node(block)]));
  const sums = (ids: string[], key: "parameters" | "macs" | "activation_bytes" | "weight_bytes") => ids.reduce((sum, id) => sum + (facts[id]?.[key] ?? 0), 0);
  const names = [...new Set(blocks.flatMap(({ stage }) => stage ?? []))];
  const stages = names.map((name) => {
    const ids = blocks.filter(({ stage }) => stage === name).map(({ id }) => id);
    const record: Partial<Stage> = { name, nodes: ids, shape: facts[ids.at(-1) ?? ""]?.shape ?? null, parameters: sums(ids, "parameters"), macs: sums(ids, "macs"), activation_bytes: sums(ids, "activation_bytes"), weight_bytes: sums(ids, "weight_bytes"), depth: ids.length };
    return record as Stage;
  });
  const order = blocks.map(({ id }) => id);
  const whole = totals({ parameters: sums(order, "parameters"), macs: sums(order, "macs"), activation_bytes: sums(order, "activation_bytes") });
  return { network: { format: 1, name: "Test", nodes, edges }, analysis: { nodes: facts, order, totals: whole, stages, notices: [], trainable: true } };
}

const FAMILIES: Record<string, string> = { input: "data", conv2d: "conv", relu: "activation", max_pool: "pool", concat: "join", dense: "dense", flatten: "dense" };

/** Just enough of the catalogue to say which family a block is of. */
export const catalogue: ReadonlyMap<string, BlockView> = new Map(Object.entries(FAMILIES).map(([kind, family]) => [kind, { kind, family } as BlockView]));
