import type { StateCreator } from "zustand";
import type { Analysis, Network, Totals } from "../generated/types";
import type { AppState } from ".";

export interface AnalysisSlice {
  /** The server's last word; kept while a newer one is on its way. */
  analysis: Analysis | null;
  /** The document that `analysis` speaks of, without what it ignores. Compare with meaningOf. */
  analysed: string | null;
  /** Why there is no newer analysis: the document cannot be read, or the server cannot be reached. */
  analysisProblem: { message: string; path: string } | null;
  setAnalysis(analysis: Analysis, of: string): void;
  setAnalysisProblem(problem: { message: string; path: string } | null): void;
}

export const createAnalysisSlice: StateCreator<AppState, [], [], AnalysisSlice> = (set) => ({
  analysis: null,
  analysed: null,
  analysisProblem: null,
  setAnalysis: (analysis, of) => set({ analysis: { ...analysis, nodes: Object.assign(Object.create(null), analysis.nodes) }, analysed: of, analysisProblem: null }),
  setAnalysisProblem: (analysisProblem) => set({ analysisProblem }),
});

/** What of the document the analysis depends on: everything but the positions and the name. */
export function meaningOf(network: Network): string {
  return JSON.stringify([
    network.nodes.map(({ id, block, label, stage, params }) => [id, block, label, stage, params]),
    network.edges.map(({ source, target }) => [source, target]),
  ]);
}

export const selectTotals = (state: AppState): Totals | null => state.analysis?.totals ?? null;

/** Why Train waits, in the button's own words; null when it need not. */
export function trainBlockedReason(state: AppState): string | null {
  if (state.network.nodes.length === 0) return "Add blocks first";
  if (state.analysisProblem) return state.analysisProblem.message;
  if (!state.analysis) return "Checking the network";
  if (state.analysis.trainable) return null;
  const count = state.analysis.notices.filter((notice) => notice.level === "error").length;
  return `Fix ${count} ${count === 1 ? "error" : "errors"} first`;
}

/** The block that Train's reason is about, so that pressing the button leads there. */
export function firstErrorNode(state: AppState): string | null {
  return state.analysis?.notices.find((notice) => notice.level === "error" && notice.node !== null)?.node ?? null;
}
