import { type AnalysedRecipe, api, type AnalyseOptions } from "../net/api";
import { ApiError, isAbort, words } from "../net/errors";
import { meaningOf } from "./analysis";
import { useExperiment } from "./experiment";
import { useStore } from ".";

const ASKED = ["optimiser", "learning_rate", "momentum", "initialisation", "batch_size"] as const satisfies readonly (keyof AnalysedRecipe)[];

/** The settings of training that an analysis depends on: its data set, and what memory and advice are reckoned with. */
export function analysisSettings(recipe: Record<string, unknown>): Required<Pick<AnalyseOptions, "dataset" | "recipe">> {
  const known = ASKED.filter((name) => recipe[name] !== undefined && recipe[name] !== null);
  return { dataset: String(recipe.dataset ?? ""), recipe: Object.fromEntries(known.map((name) => [name, recipe[name]])) };
}

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
    const settings = analysisSettings(useExperiment.getState().recipe);
    const meaning = meaningOf(network);
    return { network, open, settings, meaning, key: JSON.stringify([meaning, settings, open]) };
  };
  const ask = async () => {
    frame = 0;
    const { network, open, settings, meaning, key } = question();
    if (key === asked) return;
    asked = key;
    flight?.abort();
    flight = new AbortController();
    const { signal } = flight;
    try {
      const analysis = await api.analyse(network, { ...settings, open, signal });
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
      if (now.recipe !== before.recipe) later(); // a question that is the same is not asked twice
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
