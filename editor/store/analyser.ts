import { api } from "../net/api";
import { ApiError, isAbort, words } from "../net/errors";
import { meaningOf } from "./analysis";
import { useExperiment } from "./experiment";
import { useStore } from ".";

/**
 * Ask the site about each edit: at most one question a frame, the newest wins, the last answer stays until the next
 * one is there. Returns how to stop.
 */
export function watchAnalysis(): () => void {
  let frame = 0;
  let asked: string | null = null;
  let flight: AbortController | null = null;

  const question = () => {
    const { network, open } = useStore.getState();
    const dataset = String(useExperiment.getState().recipe.dataset ?? "");
    const meaning = meaningOf(network);
    return { network, open, dataset, meaning, key: JSON.stringify([meaning, dataset, open]) };
  };
  const ask = async () => {
    frame = 0;
    const { network, open, dataset, meaning, key } = question();
    if (key === asked) return;
    asked = key;
    flight?.abort();
    flight = new AbortController();
    const { signal } = flight;
    try {
      const analysis = await api.analyse(network, { dataset, open, signal });
      if (!signal.aborted) useStore.getState().setAnalysis(analysis, meaning);
    } catch (error) {
      if (isAbort(error) || signal.aborted) return;
      asked = null;
      const path = error instanceof ApiError ? error.path : "";
      useStore.getState().setAnalysisProblem({ message: words(error), path });
      if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) window.setTimeout(later, RETRY_AFTER);
    }
  };
  const later = () => {
    if (frame === 0) frame = requestAnimationFrame(() => void ask());
  };
  const stops = [
    useStore.subscribe((now, before) => {
      if (now.network !== before.network || now.open !== before.open) later();
    }),
    useExperiment.subscribe((now, before) => {
      if (now.recipe.dataset !== before.recipe.dataset) later();
    }),
  ];
  later();
  return () => {
    for (const stop of stops) stop();
    cancelAnimationFrame(frame);
    flight?.abort();
  };
}

const RETRY_AFTER = 4000; // ms
