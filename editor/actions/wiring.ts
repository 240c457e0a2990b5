import type { BlockView, Edge, Network } from "../generated/types";

/** Blocks reached from `start` along the wires, itself included. */
export function reachedFrom(edges: readonly Edge[], start: string): Set<string> {
  const next = new Map<string, string[]>();
  for (const { source, target } of edges) next.set(source, [...(next.get(source) ?? []), target]);
  const seen = new Set([start]);
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const target of next.get(id) ?? []) {
      if (seen.has(target)) continue;
      seen.add(target);
      queue.push(target);
    }
  }
  return seen;
}

export interface Naming {
  block: (kind: string) => BlockView | undefined;
  name: (id: string) => string;
}

/**
 * Why this wire cannot be drawn, or null where it can. Only wires are judged here; shapes are the server's.
 * `without` is the wire being moved, which does not count.
 */
export function refusal(network: Network, source: string, target: string, { block, name }: Naming, without?: Edge): string | null {
  const kind = (id: string) => network.nodes.find((node) => node.id === id)?.block ?? "";
  const edges = without ? network.edges.filter((edge) => edge !== without) : network.edges;
  const from = block(kind(source));
  const to = block(kind(target));
  if (source === target) return "A block cannot feed itself.";
  if (from && !from.has_output) return `${name(source)} is the end: nothing follows it.`;
  if (to?.max_inputs === 0 || to?.takes === "nothing") return `${name(target)} is the beginning: nothing comes before it.`;
  if (edges.some((edge) => edge.source === source && edge.target === target)) return `${name(source)} feeds ${name(target)} already.`;
  if (reachedFrom(edges, target).has(source)) return `That would close a loop: ${name(target)} leads to ${name(source)} already.`;
  return null;
}

/** Inputs that must go for one more wire into `target`: a block with one place has its old wire replaced. */
export function displaced(network: Network, target: string, { block }: Naming): Edge[] {
  const kind = network.nodes.find((node) => node.id === target)?.block ?? "";
  const most = block(kind)?.max_inputs;
  if (most === null || most === undefined) return [];
  const into = network.edges.filter((edge) => edge.target === target);
  return into.slice(0, Math.max(0, into.length - most + 1));
}

/** What a port takes, in words: "takes an image 16×16×64". */
export function takesText(view: BlockView | undefined): string {
  if (!view || view.max_inputs === 0 || view.takes === "nothing") return "takes nothing: the network begins here";
  const what = view.takes === "image" ? "an image" : view.takes === "vector" ? "a vector" : "an image or a vector";
  if (view.max_inputs === null) return `takes ${view.min_inputs} or more of ${what}`;
  return `takes ${what}`;
}
