/** Stages of the document, as pure functions: blocks that carry the same name fold together on the drawing. */
import type { Edge, Network } from "../generated/types";
import type { Outcome } from "./edit";

export const LONGEST_STAGE = 80; // letters, as the document allows

const stageOf = (network: Network, id: string): string | null => network.nodes.find((node) => node.id === id)?.stage ?? null;

/** The stage of a block that is put on a wire: that of both its ends, where it is one. */
export function stageOn(network: Network, { source, target }: Edge): string | null {
  const stage = stageOf(network, source);
  return stage === stageOf(network, target) ? stage : null;
}

/** The stage of a block that goes in behind another: that of what stands before it and of all that follows. */
export function stageAfter(network: Network, id: string): string | null {
  const stage = stageOf(network, id);
  const readers = network.edges.filter((edge) => edge.source === id);
  return readers.length > 0 && readers.every((edge) => stageOf(network, edge.target) === stage) ? stage : null;
}

/** Give blocks a stage, or take it from them. */
export function setStage(network: Network, ids: readonly string[], name: string | null): Outcome {
  const wanted = new Set(ids);
  const stage = name?.trim().slice(0, LONGEST_STAGE) || null;
  const nodes = network.nodes.map((node) => (wanted.has(node.id) && node.stage !== stage ? { ...node, stage } : node));
  return nodes.some((node, index) => node !== network.nodes[index]) ? { network: { ...network, nodes } } : null;
}

export const stageNames = (network: Network): Set<string> => new Set(network.nodes.flatMap((node) => node.stage ?? []));

/** A name that no stage has: "Stage 1", "Stage 2" …; for a copy "Stem 2", "Stem 3" … */
export function freeStage(taken: ReadonlySet<string>, stem = "Stage", first = 1): string {
  for (let number = first; ; number += 1) if (!taken.has(`${stem} ${number}`)) return `${stem} ${number}`;
}

/** The name of a stage's copy: the number at its end goes on, "Stage 3" becomes "Stage 4" where that is free. */
export function copiedStage(taken: ReadonlySet<string>, name: string): string {
  const [, stem = name, number] = /^(.*\D) ?(\d+)$/.exec(name) ?? [];
  return freeStage(taken, stem.trim(), number === undefined ? 2 : Number(number) + 1);
}

/** Blocks hang together by wires among themselves. */
export function hangTogether(edges: readonly Edge[], ids: readonly string[]): boolean {
  const wanted = new Set(ids);
  const seen = new Set(ids.slice(0, 1));
  const queue = [...seen];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const { source, target } of edges) {
      const other = source === id ? target : target === id ? source : undefined;
      if (other === undefined || !wanted.has(other) || seen.has(other)) continue;
      seen.add(other);
      queue.push(other);
    }
  }
  return seen.size === wanted.size;
}
