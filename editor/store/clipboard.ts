import { freeId, idsOf } from "../actions/edit";
import { copiedStage, stageNames } from "../actions/stages";
import type { Edge, Network, Node } from "../generated/types";
import type { Change } from "./graph";

/** What is copied: blocks and the wires between them. Travels as text, so that it can go to another tab. */
export interface Clip {
  kind: "playground-blocks";
  nodes: Node[];
  edges: Edge[];
}

/** Blocks that can be copied from a network; the input and the output cannot stand twice. */
export function clip(network: Network, ids: readonly string[], copyable: (block: string) => boolean): Clip | null {
  const wanted = new Set(ids);
  const nodes = network.nodes.filter((node) => wanted.has(node.id) && copyable(node.block));
  if (nodes.length === 0) return null;
  const kept = new Set(nodes.map((node) => node.id));
  const edges = network.edges.filter((edge) => kept.has(edge.source) && kept.has(edge.target));
  return { kind: "playground-blocks", nodes, edges };
}

/** Read what someone copied here or in another tab; null for any other text. */
export function readClip(text: string): Clip | null {
  try {
    const data = JSON.parse(text) as Partial<Clip> | null;
    if (data?.kind !== "playground-blocks" || !Array.isArray(data.nodes) || !Array.isArray(data.edges)) return null;
    const sound = data.nodes.every((node) => typeof node?.id === "string" && typeof node.block === "string");
    const wired = data.edges.every((edge) => typeof edge?.source === "string" && typeof edge.target === "string");
    return sound && wired ? { kind: data.kind, nodes: data.nodes, edges: data.edges } : null;
  } catch {
    return null; // not ours: plain text
  }
}

/** Put copies into a network, moved by `shift`. */
export function paste(network: Network, { nodes, edges }: Clip, shift = { x: 32, y: 48 }): Change {
  const taken = idsOf(network);
  const names = new Map<string, string>();
  for (const node of nodes) {
    const id = freeId(taken, node.block);
    taken.add(id);
    names.set(node.id, id);
  }
  const stages = stagesOfCopies(network, nodes);
  const copies = nodes.map((node) => ({
    id: names.get(node.id) ?? node.id,
    block: node.block,
    label: node.label ?? null,
    stage: stages.get(node.stage ?? "") ?? null,
    params: structuredClone(node.params ?? {}),
    position: node.position ? { x: node.position.x + shift.x, y: node.position.y + shift.y } : null,
  }));
  const wires = edges.flatMap(({ source, target }) => {
    const from = names.get(source);
    const to = names.get(target);
    return from && to ? [{ source: from, target: to }] : [];
  });
  return {
    network: { ...network, nodes: [...network.nodes, ...copies], edges: [...network.edges, ...wires] },
    select: copies.map((node) => node.id),
  };
}

/** A stage that was copied whole is another one here; blocks out of a stage have none until they are put into one. */
function stagesOfCopies(network: Network, nodes: readonly Node[]): Map<string, string> {
  const taken = stageNames(network);
  const names = new Map<string, string>();
  for (const { stage } of nodes) {
    if (!stage || names.has(stage)) continue;
    const here = network.nodes.filter((node) => node.stage === stage);
    const ids = new Set(nodes.filter((node) => node.stage === stage).map((node) => node.id));
    if (here.length > 0 && !here.every((node) => ids.has(node.id))) continue;
    const name = taken.has(stage) ? copiedStage(taken, stage) : stage;
    names.set(stage, name);
    taken.add(name);
  }
  return names;
}
