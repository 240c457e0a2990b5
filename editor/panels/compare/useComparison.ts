import { useEffect, useState } from "react";
import { CURVE_POINTS, takeAhead } from "../../net/ahead";
import { api } from "../../net/api";
import { ApiError, isAbort, words } from "../../net/errors";
import { isLive } from "../runWords";
import { type Compared, joined, readComparison } from "./curves";

const WHILE_LIVE = 2000; // ms between looks while a run of the comparison trains
const AFTER_FAILURE = 5000;

export interface Held {
  /** null until the first answer. */
  compared: Compared | null;
  /** Why there is no newer answer; an older one stays. */
  problem: string | null;
  again: () => void;
}

/** The runs held against the first: one request for all, then the curves of those that train, as long as one does. */
export function useComparison(runs: readonly string[]): Held {
  const [compared, setCompared] = useState<Compared | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const asked = runs.join(",");
  useEffect(() => {
    const ids = asked.split(",");
    const control = new AbortController();
    let timer = 0;
    let known: Compared | null = null;
    const look = async () => {
      let wait = WHILE_LIVE;
      try {
        const moving = known?.comparison.runs.filter(isLive).map(({ id }) => id) ?? [];
        if (document.visibilityState === "visible" || known === null) {
          const ahead = known ? null : takeAhead(ids);
          const found = readComparison(await (ahead ?? api.compare(ids, known ? moving : [], CURVE_POINTS, control.signal)));
          if (control.signal.aborted) return;
          known = known ? { comparison: found.comparison, curves: joined(known.curves, found.curves) } : found;
          setCompared(known);
          setProblem(null);
        }
      } catch (error) {
        if (isAbort(error)) return;
        setProblem(words(error));
        if (error instanceof ApiError && error.status === 422) return; // asked again, it is refused again
        wait = AFTER_FAILURE;
      }
      if (!control.signal.aborted && (known === null ? wait === AFTER_FAILURE : known.comparison.runs.some(isLive))) timer = window.setTimeout(() => void look(), wait);
    };
    if (asked !== "") void look();
    return () => {
      control.abort();
      window.clearTimeout(timer);
    };
  }, [asked, turn]);
  return { compared, problem, again: () => setTurn((before) => before + 1) };
}
