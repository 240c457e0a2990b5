import { useCallback, useEffect, useState } from "react";
import type { RunPoint } from "../../generated/types";
import { api } from "../../net/api";
import { isAbort, words } from "../../net/errors";
import { isLive } from "../runWords";
import { useEvery } from "../useEvery";

const WHILE_LIVE = 2500; // ms between looks while a run of the plane trains

export interface Runs {
  /** Newest first; null until the first answer. */
  runs: RunPoint[] | null;
  /** The one that is asked for, else that of the newest run; null where there is neither. */
  dataset: string | null;
  /** Why there is no newer list; an older one stays. */
  problem: string | null;
  refresh: () => Promise<void>;
}

/**
 * The user's runs of all data sets. Those of `asked`, or of the newest run's data set, are looked at again while one of them
 * trains, all of them when the page is come back to.
 */
export function useRuns(asked: string): Runs {
  const [runs, setRuns] = useState<RunPoint[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const look = useCallback(async (only: string | null, signal?: AbortSignal) => {
    try {
      const found = await api.runs(only, signal);
      setRuns((before) => (only === null || before === null ? found : merged(before, found, only)));
      setProblem(null);
    } catch (error) {
      if (!isAbort(error)) setProblem(words(error));
    }
  }, []);
  useEffect(() => {
    const control = new AbortController();
    const again = () => {
      if (document.visibilityState === "visible") void look(null, control.signal);
    };
    again();
    document.addEventListener("visibilitychange", again);
    window.addEventListener("focus", again);
    return () => {
      control.abort();
      document.removeEventListener("visibilitychange", again);
      window.removeEventListener("focus", again);
    };
  }, [look]);
  const dataset = asked || (runs?.[0]?.dataset ?? null);
  const live = runs?.some((run) => run.dataset === dataset && isLive(run)) ?? false;
  useEvery(live ? WHILE_LIVE : null, () => void look(dataset));
  return { runs, dataset, problem, refresh: useCallback(() => look(null), [look]) };
}

/** The list with one data set's runs in their newer state, newest first. */
export function merged(before: readonly RunPoint[], found: readonly RunPoint[], dataset: string): RunPoint[] {
  return [...before.filter((run) => run.dataset !== dataset), ...found].sort((a, b) => Date.parse(b.created) - Date.parse(a.created));
}
