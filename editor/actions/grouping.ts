/** Several blocks as one, and back: the block `group` holds them as a network of its own from "in" to "out". */
import type { Edge, Network, Node } from "../generated/types";
import { freeId, idsOf, type Outcome } from "./edit";
import { reachedFrom } from "./wiring";

export const GROUP = "group";
const IN = "in";
const OUT = "out";

/** The network inside a group, as its setting holds it. */
export interface Inside {
  nodes: Node[];
  edges: Edge[];
}

interface Border {
  /** Outside blocks that feed the chosen ones, and chosen blocks that feed the outside, each once. */
  sources: string[];
  ends: string[];
}

function border({ edges }: Network, ids: ReadonlySet<string>): Border {
  const into = edges.filter((edge) => ids.has(edge.target) && !ids.has(edge.source));
  const out = edges.filter((edge) => ids.has(edge.source) && !ids.has(edge.target));
  return { sources: [...new Set(into.map((edge) => edge.source))], ends: [...new Set(out.map((edge) => edge.source))] };
}

/** Why these blocks cannot be one, or null: a group has one input and one output. Whether the shapes fit is the site's to say. */
export function groupRefusal(network: Network, ids: readonly string[], name: (id: string) => string, isEnd: (kind: string) => boolean): string | null {
  const chosen = new Set(ids);
  const kinds = network.nodes.filter((node) => chosen.has(node.id)).map((node) => node.block);
  if (kinds.length < 2) return "Choose several blocks first";
  if (kinds.some(isEnd)) return "The input and the output stay outside a group";
  const { sources, ends } = border(network, chosen);
  if (sources.length > 1) return `A group has one input, but these blocks are fed by ${name(sources[0] ?? "")} and ${name(sources[1] ?? "")}`;
  if (ends.length > 1) return `A group has one output, but ${name(ends[0] ?? "")} and ${name(ends[1] ?? "")} lead on`;
  const inner = network.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target));
  const first = sources.length === 0 ? ids.filter((id) => !inner.some((edge) => edge.target === id)) : [];
  const last = ends.length === 0 ? ids.filter((id) => !inner.some((edge) => edge.source === id)) : [];
  if (first.length > 1 || last.length > 1) return "Draw wires between these blocks first, so that one begins and one ends";
  if (sources[0] !== undefined && ends[0] !== undefined && reachedFrom(network.edges, ends[0]).has(sources[0])) return "A wire leaves these blocks and comes back to them";
  return null;
}

/** Put blocks into a group, which takes their place in every wire. Ask groupRefusal first. */
export function group(network: Network, ids: readonly string[], place: Node["position"]): Outcome {
  const chosen = new Set(ids);
  const { sources, ends } = border(network, chosen);
  const id = freeId(idsOf(network), GROUP);
  const nodes = network.nodes.filter((node) => chosen.has(node.id)).map((node) => ({ ...node, stage: null, position: null }));
  const inner = network.edges.flatMap(({ source, target }) => (chosen.has(target) ? [{ source: chosen.has(source) ? source : IN, target }] : []));
  if (sources.length === 0) inner.unshift(...ids.filter((own) => !inner.some((edge) => edge.target === own)).map((target) => ({ source: IN, target })));
  const last = ends[0] ?? ids.find((own) => !inner.some((edge) => edge.source === own));
  if (last === undefined || nodes.length === 0) return null;
  const inside: Inside = { nodes, edges: [...inner, { source: last, target: OUT }] };
  let fed = false;
  const edges = network.edges.flatMap((edge) => {
    if (!chosen.has(edge.source) && !chosen.has(edge.target)) return [edge];
    if (!chosen.has(edge.target)) return [{ source: id, target: edge.target }];
    if (chosen.has(edge.source) || fed) return [];
    fed = true;
    return [{ source: edge.source, target: id }];
  });
  const stages = new Set(network.nodes.filter((node) => chosen.has(node.id)).map((node) => node.stage));
  const stage = stages.size === 1 ? ([...stages][0] ?? null) : null;
  const made: Node = { id, block: GROUP, label: null, stage, params: { network: inside }, position: place };
  const at = network.nodes.findIndex((node) => chosen.has(node.id));
  const kept = network.nodes.toSpliced(at, 0, made).filter((node) => !chosen.has(node.id));
  return { network: { ...network, nodes: kept, edges }, select: [id] };
}

/** Take a group apart: its blocks stand in the network again, wired as they were inside. */
export function ungroup(network: Network, id: string, inside: Inside): Outcome {
  const taken = idsOf(network);
  taken.delete(id);
  const names = new Map<string, string>();
  for (const node of inside.nodes) {
    const free = taken.has(node.id) ? freeId(taken, node.block) : node.id;
    taken.add(free);
    names.set(node.id, free);
  }
  const feeding = network.edges.filter((edge) => edge.target === id && edge.source !== id).map((edge) => edge.source);
  const from = (source: string): string[] => (source === IN ? feeding : [names.get(source) ?? source]);
  const wires = inside.edges.filter((edge) => edge.target !== OUT);
  const inner = wires.flatMap((edge) => from(edge.source).map((source) => ({ source, target: names.get(edge.target) ?? edge.target })));
  const ends = inside.edges.filter((edge) => edge.target === OUT).flatMap((edge) => from(edge.source));
  const first = network.edges.findIndex((edge) => edge.target === id);
  const edges = network.edges.flatMap((edge, index) => {
    if (edge.target === id) return index === first ? inner : [];
    return edge.source === id ? ends.map((source) => ({ source, target: edge.target })) : [edge];
  });
  const stage = network.nodes.find((node) => node.id === id)?.stage ?? null;
  const nodes = inside.nodes.map((node) => ({ ...node, id: names.get(node.id) ?? node.id, stage, position: null }));
  const at = network.nodes.findIndex((node) => node.id === id);
  return {
    network: { ...network, nodes: network.nodes.toSpliced(at, 1, ...nodes), edges: first < 0 ? [...edges, ...inner] : edges },
    select: nodes.map((node) => node.id),
  };
}
