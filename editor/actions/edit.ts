/** Changes of the document, as pure functions. Each returns the new document and what is selected then, or null for no change. */
import type { Edge, Network, Node, Position } from "../generated/types";
import type { Change } from "../store/graph";
import { stageAfter, stageOn } from "./stages";

export type Outcome = Change | null;

/** A free id for a block: conv2d, conv2d_2, conv2d_3 … */
export function freeId(taken: ReadonlySet<string>, block: string): string {
  const stem = block.replaceAll(/[^A-Za-z0-9_.-]/g, "_").slice(0, 56) || "block";
  if (!taken.has(stem)) return stem;
  for (let number = 2; ; number += 1) {
    const id = `${stem}_${number}`;
    if (!taken.has(id)) return id;
  }
}

export const idsOf = (network: Network): Set<string> => new Set(network.nodes.map((node) => node.id));

export const nodeOf = (network: Network, id: string): Node | undefined => network.nodes.find((node) => node.id === id);

function newNode(network: Network, block: string, params: Record<string, unknown>, position: Position | null, stage: string | null = null): Node {
  return { id: freeId(idsOf(network), block), block, label: null, stage, params, position };
}

/** A block on its own. */
export function addBlock(network: Network, block: string, position: Position | null, params: Record<string, unknown> = {}): Change {
  const node = newNode(network, block, params, position);
  return { network: { ...network, nodes: [...network.nodes, node] }, select: [node.id] };
}

/** A block on a wire: the wire is cut and leads through it, in the stage of its ends. It keeps its place in the order of the target's inputs. */
export function insertOnEdge(network: Network, edge: Edge, block: string, params: Record<string, unknown> = {}): Change {
  const node = newNode(network, block, params, null, stageOn(network, edge));
  const edges = network.edges.flatMap((other) =>
    other === edge ? [{ source: edge.source, target: node.id }, { source: node.id, target: edge.target }] : [other],
  );
  return { network: { ...network, nodes: [...network.nodes, node], edges }, select: [node.id] };
}

/** A block that stands already, put on a wire. */
export function moveOntoEdge(network: Network, id: string, edge: Edge): Outcome {
  if (edge.source === id || edge.target === id) return null;
  if (network.edges.some((other) => other.source === id || other.target === id)) return null;
  const edges = network.edges.flatMap((other) =>
    other === edge ? [{ source: edge.source, target: id }, { source: id, target: edge.target }] : [other],
  );
  const stage = stageOn(network, edge);
  const nodes = network.nodes.map((node) => (node.id === id && node.stage !== stage ? { ...node, stage } : node));
  return { network: { ...network, nodes, edges }, select: [id] };
}

/**
 * A block after another, wired: what read the old block reads the new one. A block with no place to go on
 * (`ends`) is only attached.
 */
export function addAfter(network: Network, after: string, block: string, ends: boolean, params: Record<string, unknown> = {}): Change {
  const node = newNode(network, block, params, null, ends ? null : stageAfter(network, after));
  const moved = ends
    ? network.edges
    : network.edges.map((edge) => (edge.source === after ? { source: node.id, target: edge.target } : edge));
  const edges = [...moved, { source: after, target: node.id }];
  return { network: { ...network, nodes: [...network.nodes, node], edges }, select: [node.id] };
}

/** A wire, in place of the ones it displaces. */
export function connect(network: Network, source: string, target: string, displaced: readonly Edge[] = []): Change {
  const first = network.edges.findIndex((edge) => displaced.includes(edge));
  const edges = network.edges.filter((edge) => !displaced.includes(edge));
  edges.splice(first < 0 ? edges.length : first, 0, { source, target });
  return { network: { ...network, edges } };
}

/** Lead a wire elsewhere; it keeps its place in the list, hence in the order of inputs. */
export function reconnect(network: Network, old: Edge, source: string, target: string, displaced: readonly Edge[] = []): Outcome {
  if (old.source === source && old.target === target) return null;
  const edges = network.edges.filter((edge) => edge === old || !displaced.includes(edge));
  return { network: { ...network, edges: edges.map((edge) => (edge === old ? { source, target } : edge)) } };
}

/**
 * Take blocks away. Where a run of them has one wire in and the wires out can read from there instead, the
 * neighbours are joined, in the old order of inputs.
 */
export function remove(network: Network, ids: readonly string[], wires: readonly Edge[] = []): Outcome {
  let edges = network.edges.filter((edge) => !wires.includes(edge));
  for (const id of ids) edges = closeGap(edges, id);
  const gone = new Set(ids);
  const nodes = network.nodes.filter((node) => !gone.has(node.id));
  if (nodes.length === network.nodes.length && edges.length === network.edges.length) return null;
  return { network: { ...network, nodes, edges }, select: [] };
}

/** The wires without a block: with a single input its readers read that input, without doubling a wire. */
function closeGap(edges: readonly Edge[], id: string): Edge[] {
  const sources = edges.filter((edge) => edge.target === id && edge.source !== id).map((edge) => edge.source);
  const source = sources.length === 1 ? sources[0] : undefined;
  const kept = edges.filter((edge) => edge.target !== id && edge.source !== id);
  if (source === undefined) return kept;
  return edges.flatMap((edge) => {
    if (edge.target === id) return [];
    if (edge.source !== id) return [edge];
    const doubles = kept.some((other) => other.source === source && other.target === edge.target);
    return doubles || edge.target === source ? [] : [{ source, target: edge.target }];
  });
}

export function setParam(network: Network, ids: readonly string[], name: string, value: unknown): Outcome {
  return changeNodes(network, ids, (node) =>
    same(node.params[name], value) ? node : { ...node, params: { ...node.params, [name]: value } },
  );
}

export function rename(network: Network, id: string, label: string): Outcome {
  const next = label.trim().slice(0, 80) || null;
  return changeNodes(network, [id], (node) => (node.label === next ? node : { ...node, label: next }));
}

/** Put blocks at places, null where the figure is to find one; blocks whose place is unchanged stay the same objects. */
export function move(network: Network, places: ReadonlyMap<string, Position | null>): Outcome {
  return changeNodes(network, [...places.keys()], (node) => {
    const place = places.get(node.id) ?? null;
    return node.position?.x === place?.x && node.position?.y === place?.y ? node : { ...node, position: place && { x: place.x, y: place.y } };
  });
}

function changeNodes(network: Network, ids: readonly string[], change: (node: Node) => Node): Outcome {
  const wanted = new Set(ids);
  const nodes = network.nodes.map((node) => (wanted.has(node.id) ? change(node) : node));
  return nodes.every((node, index) => node === network.nodes[index]) ? null : { network: { ...network, nodes } };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Take a document the server made, keeping the places that blocks have now; the figure finds places for new ones. */
export function adopt(network: Network, made: Network): Change {
  const places = new Map(network.nodes.map((node) => [node.id, node.position]));
  const known = idsOf(network);
  const nodes = made.nodes.map((node) => ({ ...node, position: places.get(node.id) ?? null }));
  const fresh = nodes.filter((node) => !known.has(node.id)).map((node) => node.id);
  const next = { ...made, name: network.name, nodes };
  return fresh.length > 0 ? { network: next, select: fresh } : { network: next };
}
