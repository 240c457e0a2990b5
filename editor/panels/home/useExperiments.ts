import { useCallback, useEffect, useState } from "react";
import type { ExperimentCard } from "../../generated/types";
import { api } from "../../net/api";
import { isAbort, words } from "../../net/errors";
import { isLive } from "../runWords";

const WHILE_LIVE = 2500; // ms between looks while something trains
const AFTER_FAILURE = 5000;
const OTHERWISE = 20_000;

export interface Experiments {
  /** null until the first answer. */
  cards: ExperimentCard[] | null;
  /** Why there is no list; an older list stays. */
  problem: string | null;
  refresh: () => Promise<void>;
  change: (change: (cards: ExperimentCard[]) => ExperimentCard[]) => void;
}

/** The user's experiments, looked at again while the page is: often while something trains. */
export function useExperiments(): Experiments {
  const [cards, setCards] = useState<ExperimentCard[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const refresh = useCallback(async (signal?: AbortSignal) => {
    try {
      setCards(await api.experiments(signal));
      setProblem(null);
    } catch (error) {
      if (!isAbort(error)) setProblem(words(error));
    }
  }, []);
  const live = cards?.some((card) => card.latest && isLive(card.latest)) ?? false;
  const failing = problem !== null;
  useEffect(() => {
    const control = new AbortController();
    const look = () => {
      if (document.visibilityState === "visible") void refresh(control.signal);
    };
    look();
    const timer = window.setInterval(look, failing ? AFTER_FAILURE : live ? WHILE_LIVE : OTHERWISE);
    document.addEventListener("visibilitychange", look);
    return () => {
      control.abort();
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [refresh, live, failing]);
  const change = useCallback((apply: (cards: ExperimentCard[]) => ExperimentCard[]) => setCards((now) => (now ? apply(now) : now)), []);
  return { cards, problem, refresh, change };
}
