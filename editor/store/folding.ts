// How this browser's user folded the stages of each draft and experiment: a way of looking that is in no document.
import type { Folding } from "../canvas/folding";
import { useExperiment } from "./experiment";
import { FOLDING_KEY, readFoldings } from "./foldings";
import { useStore } from ".";

const KEPT = 100;

/** Remember each change; returns how to stop. */
export function watchFolding(): () => void {
  const stops = [
    useStore.subscribe((now, before) => {
      if (now.folding !== before.folding) keep(useExperiment.getState().slot, now.folding);
    }),
    useExperiment.subscribe((now, before) => {
      if (now.slot !== before.slot && now.status === "ready") keep(now.slot, useStore.getState().folding); // a draft got its place
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

function keep(slot: string | null, folding: Folding | null) {
  if (slot === null || folding === null) return;
  const { [slot]: _old, ...others } = readFoldings();
  const newest = [...Object.entries(others), [slot, folding] as const].slice(-KEPT);
  try {
    localStorage.setItem(FOLDING_KEY, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // it holds until the page is left
  }
}
