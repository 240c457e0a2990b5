// The site's guidelines with their reasons: asked for once, when the first page of reading wants them.
import { create } from "zustand";
import type { GuidelineView } from "../generated/types";
import { api } from "../net/api";
import { ApiError, words } from "../net/errors";

export interface GuidelinesState {
  /** null until they were asked for. */
  list: GuidelineView[] | null;
  problem: string | null;
}

export const useGuidelines = create<GuidelinesState>()(() => ({ list: null, problem: null }));

let loading: Promise<void> | null = null;

/** Load them once; after a failure the next call tries again. A site without guidelines has an empty list. */
export function loadGuidelines(): Promise<void> {
  if (useGuidelines.getState().list) return Promise.resolve();
  loading ??= api
    .guidelines()
    .then((list) => useGuidelines.setState({ list, problem: null }))
    .catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) useGuidelines.setState({ list: [], problem: null });
      else useGuidelines.setState({ problem: words(error) });
    })
    .finally(() => {
      loading = null;
    });
  return loading;
}
