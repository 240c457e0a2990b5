/** How the comparison is looked at: what is hidden, which colours; kept while the page is open, colours for good. */
import { useMemo, useState } from "react";
import type { ComparedRun } from "../../generated/types";
import { type Look, lookAt } from "./series";

const KEPT = "compare.colours";

export interface Shown extends ComparedRun {
  look: Look;
  hidden: boolean;
}

export interface RunsView {
  /** In the order of the address. */
  runs: Shown[];
  hide: (id: string) => void;
  recolour: (id: string) => void;
}

function kept(): Record<string, number> {
  try {
    const found: unknown = JSON.parse(window.localStorage.getItem(KEPT) ?? "{}");
    return typeof found === "object" && found !== null ? (found as Record<string, number>) : {};
  } catch {
    return {}; // a browser that keeps nothing: colours follow the order
  }
}

export function useRunsView(runs: readonly ComparedRun[]): RunsView {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [turned, setTurned] = useState(kept);
  const shown = useMemo(
    () => runs.map((run, place) => ({ ...run, look: lookAt(place, turned[run.id] ?? 0), hidden: hidden.has(run.id) })),
    [runs, hidden, turned],
  );
  const hide = (id: string) =>
    setHidden((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const recolour = (id: string) => {
    const after = { ...turned, [id]: (turned[id] ?? 0) + 1 };
    setTurned(after);
    try {
      window.localStorage.setItem(KEPT, JSON.stringify(after));
    } catch {
      // the choice lasts as long as the page
    }
  };
  return { runs: shown, hide, recolour };
}
