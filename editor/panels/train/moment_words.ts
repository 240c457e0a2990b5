/** From which step the pictures of a frozen moment are. */
import { whole } from "../../charts/words";
import type { Inside } from "../../live/inside";

/** "Maps of 1,180" where the newest maps that were kept are older than the step; "No maps yet" before the first; null where they are of that step. */
export function picturesOf(inside: Inside, step: number): string | null {
  let newest = -1;
  for (const maps of inside.maps.values()) newest = Math.max(newest, maps.step);
  if (newest < 0) return "No maps yet";
  return newest === step ? null : `Maps of ${whole(newest)}`;
}
