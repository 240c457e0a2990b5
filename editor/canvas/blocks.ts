import type { BlockView } from "../generated/types";
import type { Blocks } from "./drawing";

const made = new WeakMap<Record<string, BlockView>, Blocks>();

/** The catalogue as a map; the same map for the same catalogue. */
export function blocksOf(views: Record<string, BlockView>): Blocks {
  const known = made.get(views);
  if (known) return known;
  const blocks = new Map(Object.entries(views));
  made.set(views, blocks);
  return blocks;
}
