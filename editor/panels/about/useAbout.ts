// The experiment that the page shows, kept fresh while its runs move.
import { useCallback, useEffect, useRef, useState } from "react";
import type { AboutView } from "../../generated/types";
import { aboutApi } from "../../net/about";
import { absence, isAbort, words } from "../../net/errors";
import { save } from "../../store/autosave";
import { useExperiment } from "../../store/experiment";
import { isLive } from "../runWords";
import { useEvery } from "../useEvery";

const EVERY = 2000; // ms between looks while a run is live

export interface About {
  view: AboutView | null;
  problem: string | null;
  /** Title of the page in its place where it is not there for whoever looks. */
  absent: string | null;
  /** Grows with each answer, for what is fetched beside it. */
  turn: number;
  refresh: () => Promise<void>;
}

export function useAbout(id: string): About {
  const [view, setView] = useState<AboutView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [absent, setAbsent] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const control = useRef<AbortController | null>(null);
  const refresh = useCallback(async () => {
    control.current?.abort();
    const mine = new AbortController();
    control.current = mine;
    try {
      const found = await aboutApi.about(id, mine.signal);
      setView(found);
      setProblem(null);
      setTurn((before) => before + 1);
    } catch (error) {
      if (isAbort(error)) return;
      setAbsent(absence(error, "No such experiment"));
      setProblem(words(error));
    }
  }, [id]);
  useEffect(() => {
    const first = async () => {
      if (useExperiment.getState().id === id) await save(); // what was just changed in Build belongs to it
      await refresh();
    };
    void first();
    return () => control.current?.abort();
  }, [id, refresh]);
  const live = view !== null && (view.experiment.runs.some(isLive) || view.batches.some((batch) => batch.live > 0));
  useEvery(live ? EVERY : null, () => void refresh());
  return { view, problem, absent, turn, refresh };
}
