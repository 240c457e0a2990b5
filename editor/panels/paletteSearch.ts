import type { BlockView } from "../generated/types";

export interface PaletteGroup {
  category: string;
  blocks: BlockView[];
}

/** Blocks by category, in the catalogue's order; with a query, those it fits, the best category first. */
export function searchBlocks(blocks: readonly BlockView[], query: string): PaletteGroup[] {
  const wanted = query.trim().toLowerCase();
  const offered = blocks.filter((block) => !block.fields.some((field) => field.kind === "network")); // a group is made of chosen blocks
  const scored = offered.map((block) => ({ block, score: wanted ? scoreOf(block, wanted) : 1 })).filter(({ score }) => score > 0);
  if (wanted) scored.sort((a, b) => b.score - a.score);
  const groups = new Map<string, BlockView[]>();
  for (const { block } of scored) groups.set(block.category, [...(groups.get(block.category) ?? []), block]);
  return [...groups].map(([category, found]) => ({ category, blocks: found }));
}

/** How well a block fits what was typed: its name before its other names, beginnings before middles; 0 for not at all. */
function scoreOf(block: BlockView, wanted: string): number {
  const label = block.label.toLowerCase();
  if (label.startsWith(wanted)) return 10;
  if (label.split(/[\s-]/).some((word) => word.startsWith(wanted))) return 8;
  if (block.keywords.some((word) => word.toLowerCase().startsWith(wanted))) return 6;
  if (label.includes(wanted) || block.kind.includes(wanted.replaceAll(" ", "_"))) return 5;
  if (block.keywords.some((word) => word.toLowerCase().includes(wanted))) return 4;
  return wanted.length > 2 && block.summary.toLowerCase().includes(wanted) ? 2 : 0;
}
