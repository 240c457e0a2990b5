import { create } from "zustand";
import { type AnalysisSlice, createAnalysisSlice } from "./analysis";
import { createGraphSlice, type GraphSlice } from "./graph";

/** The one store. Each slice is a file; components subscribe to what they draw and nothing else. */
export type AppState = GraphSlice & AnalysisSlice;

export const useStore = create<AppState>()((...slice) => ({
  ...createGraphSlice(...slice),
  ...createAnalysisSlice(...slice),
}));
