// A run's state and result in words.
import type { RunCard, RunView } from "../generated/types";
import type { Tone } from "../ui/Chip";

type Run = Pick<RunCard, "state" | "step" | "total_steps" | "test_accuracy" | "best_validation_accuracy"> & Partial<Pick<RunCard, "reason" | "words">>;

export const LIVE: readonly RunView["state"][] = ["queued", "leased", "running", "paused", "lost"];

/** "Run 3", or "Run 3, rate 0.01" for one of a sweep, whose name has its settings behind the experiment's. */
export function runName(run: Pick<RunCard, "number" | "name" | "version" | "batch">, experiment: string): string {
  const swept = run.batch !== null && run.version === null && run.name.startsWith(`${experiment}, `);
  const own = swept ? run.name.slice(experiment.length + 2) : "";
  return own ? `Run ${run.number}, ${own}` : `Run ${run.number}`;
}

/** It will still change by itself or can be gone on with: a run whose worker was lost waits in the queue for another. */
export const isLive = (run: Pick<Run, "state">) => LIVE.includes(run.state);

/** Share of the steps done, 0 to 1. */
export const shareDone = (run: Pick<Run, "step" | "total_steps">) => (run.total_steps ? Math.min(1, run.step / run.total_steps) : 0);

/** Whole per cent; 100 only when all steps are done. */
export function percentDone(run: Pick<Run, "step" | "total_steps">): string {
  return `${Math.floor(shareDone(run) * 100)}%`;
}

/** A share as people read it: one decimal, and never 100.0% for less than all. */
export function percentRight(share: number): string {
  const text = (Math.floor(share * 1000 + 1e-9) / 10).toFixed(1);
  return `${share >= 0.9995 && share < 1 ? "99.9" : text}%`;
}

/** A rule of the recipe that ended a run; the run's own words say more. */
const RULES: Record<string, string> = { early_stop: "early stop", target: "target reached", time: "time limit" };

export interface StateWords {
  text: string;
  tone: Tone;
  /** It is moving: a beating dot stands before the words. */
  moving: boolean;
}

/** The chip of a run that is not simply finished; null for one that is. One that a rule ended has `run.words` to tell why. */
export function stateWords(run: Run): StateWords | null {
  const calm = (text: string, tone: Tone): StateWords => ({ text, tone, moving: false });
  switch (run.state) {
    case "queued":
      return calm("queued", "plain");
    case "leased":
      return { text: "starting", tone: "live", moving: true };
    case "running":
      return { text: `training, ${percentDone(run)}`, tone: "live", moving: true };
    case "paused":
      return calm(`paused, ${percentDone(run)}`, "warn");
    case "failed":
      return calm(run.step > 0 ? `failed at step ${run.step.toLocaleString("en-GB")}` : "failed", "bad");
    case "lost":
      return calm("worker lost", "bad");
    case "stopped":
      return calm(`stopped at ${percentDone(run)}`, "plain");
    case "finished":
      return run.words ? calm(RULES[run.reason ?? ""] ?? "ended by a rule", "good") : null;
  }
}

/** "98.7% right", on the test images or, before those were seen, on the held-out ones; null before either. */
export function resultWords(run: Run): { text: string; of: string } | null {
  if (run.test_accuracy !== null) return { text: `${percentRight(run.test_accuracy)} right`, of: "of the test images" };
  if (run.best_validation_accuracy !== null) return { text: `${percentRight(run.best_validation_accuracy)} right`, of: "of the held-out images, at best" };
  return null;
}

const MINUTE = 60_000;

/** "just now", "12 min ago", "3 h ago", "yesterday", "5 Mar". */
export function agoWords(iso: string, now = Date.now()): string {
  const then = Date.parse(iso);
  if (Number.isNaN(then)) return "";
  const minutes = Math.floor((now - then) / MINUTE);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 48 * 60) return "yesterday";
  return new Date(then).toLocaleDateString("en-GB", { day: "numeric", month: "short", ...(minutes > 300 * 24 * 60 ? { year: "numeric" } : {}) });
}
