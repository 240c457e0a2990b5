import type { Network } from "../generated/types";

/** The document before a change, and what the change was. */
export interface Step {
  network: Network;
  selection: string[];
  /** What was done, for the tooltip of undo: "widen Conv 3×3". */
  label: string;
  /** Changes in a row that share this key are one step: typing in a field, nudging with the arrows. */
  merge: string | null;
}

export interface History {
  past: Step[];
  future: Step[];
}

const DEPTH = 400;

export const emptyHistory: History = { past: [], future: [] };

/** Remember `step` before a change; a change that merges with the last one adds nothing. */
export function remember(history: History, step: Step): History {
  const last = history.past.at(-1);
  if (last && step.merge !== null && last.merge === step.merge) return { past: history.past, future: [] };
  return { past: [...history.past, step].slice(-DEPTH), future: [] };
}

/** End a merging step, so that the next change starts its own. */
export function settle(history: History): History {
  const last = history.past.at(-1);
  if (!last || last.merge === null) return history;
  return { past: [...history.past.slice(0, -1), { ...last, merge: null }], future: history.future };
}

interface Moment {
  network: Network;
  selection: string[];
}

/** One step back: what to show, and the history from there; null at the beginning. */
export function back(history: History, now: Moment): (Moment & History) | null {
  const step = history.past.at(-1);
  if (!step) return null;
  return {
    network: step.network,
    selection: step.selection,
    past: history.past.slice(0, -1),
    future: [{ ...now, label: step.label, merge: null }, ...history.future],
  };
}

/** One step forward again; null at the end. */
export function forth(history: History, now: Moment): (Moment & History) | null {
  const step = history.future[0];
  if (!step) return null;
  return {
    network: step.network,
    selection: step.selection,
    past: [...history.past, { ...now, label: step.label, merge: null }],
    future: history.future.slice(1),
  };
}
