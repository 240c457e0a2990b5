import { create } from "zustand";
import type { Analysis, Network } from "../generated/types";
import { type AnalysisSlice, createAnalysisSlice, meaningOf } from "./analysis";
import { createGraphSlice, type GraphSlice } from "./graph";

/** The one store. Each slice is a file; components subscribe to what they draw and nothing else. */
export type AppState = GraphSlice & AnalysisSlice;

export const useStore = create<AppState>()((...slice) => ({
  ...createGraphSlice(...slice),
  ...createAnalysisSlice(...slice),
}));

/** The analysis of a network that is the one being built; null for any other, which must be asked for. */
export function analysisAtHand(network: Network): Analysis | null {
  const { analysis, analysed } = useStore.getState();
  return network.nodes.length > 0 && analysis && analysed === meaningOf(network) ? analysis : null;
}
