import { createContext, use } from "react";
import type { PieceMark } from "../../canvas/marks";
import { Icon } from "../../ui/Icon";

/** Blocks that the open alert is about. */
export const Ringed = createContext<ReadonlySet<string>>(new Set());

/** The figure's one ring of warning, around the block that the open alert names. */
export function AlertRing({ id, tabs }: PieceMark) {
  const ringed = use(Ringed);
  if (![id, ...tabs].some((node) => ringed.has(node))) return null;
  return (
    <span className="alert-ring" aria-hidden="true">
      <span className="alert-ring-disc">
        <Icon name="pulse" />
      </span>
    </span>
  );
}
