import type { Edge } from "../generated/types";

interface Docking {
  /** Every block to the one it is drawn on; itself where it stands alone. */
  root: Map<string, string>;
  /** The tabs of a block, in the order of the computation. */
  tabs: Map<string, string[]>;
}

const MOST_TABS = 3;
const TAB_FAMILIES = new Set(["activation", "steadying"]);
const HOST_FAMILIES = new Set(["conv", "pool", "join", "dense"]);

/**
 * Which blocks are drawn as a tab on the block before them: an activation or a normalisation that is the only reader of
 * a slab. They change no shape, so the figure keeps one slab a volume, as figures in papers do.
 */
export function dock(nodes: readonly { id: string; block: string }[], edges: readonly Edge[], family: (block: string) => string): Docking {
  const into = countBy(edges, (edge) => edge.target);
  const out = countBy(edges, (edge) => edge.source);
  const before = new Map(edges.map((edge) => [edge.target, edge.source]));
  const families = new Map(nodes.map((node) => [node.id, family(node.block)]));
  const root = new Map<string, string>();
  const chain = (id: string, seen: Set<string>): string[] | null => {
    if (HOST_FAMILIES.has(families.get(id) ?? "")) return [id];
    const source = before.get(id);
    if (!TAB_FAMILIES.has(families.get(id) ?? "") || source === undefined || seen.has(id)) return null;
    if (into.get(id) !== 1 || out.get(source) !== 1) return null;
    const rest = chain(source, seen.add(id));
    return rest && rest.length <= MOST_TABS ? [...rest, id] : null;
  };
  const tabs = new Map<string, string[]>();
  for (const { id } of nodes) {
    const found = chain(id, new Set());
    root.set(id, found?.[0] ?? id);
    if (found && found.length > (tabs.get(found[0] ?? "")?.length ?? 0)) tabs.set(found[0] ?? "", found.slice(1));
  }
  return { root, tabs };
}

function countBy(edges: readonly Edge[], key: (edge: Edge) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const edge of edges) counts.set(key(edge), (counts.get(key(edge)) ?? 0) + 1);
  return counts;
}
