/** Columns of the list of runs. */
import type { RunPoint } from "../../generated/types";
import { fullCount } from "../../canvas/words";
import { whole } from "../../charts/words";
import { runError } from "../plane/quantities";
import { agoWords, stateWords } from "../runWords";

export interface RunColumn {
  id: string;
  title: string;
  /** What the site sorts by; null for what cannot be sorted. */
  sort: string | null;
  /** The first press begins with the largest. */
  falls?: boolean;
  words?: boolean;
  /** Shown unless the user chooses otherwise. */
  usual: boolean;
  say: (run: RunPoint, title: (dataset: string) => string) => string;
}

/** What a run of a sweep is called beside its experiment's name: its own settings, which a long name would push out of sight. */
export function besideExperiment(run: Pick<RunPoint, "name" | "experiment_name">): string {
  const before = `${run.experiment_name}, `;
  const own = run.name.startsWith(before) ? run.name.slice(before.length) : "";
  return own ? own[0]?.toUpperCase() + own.slice(1) : run.name;
}

export const COLUMNS: readonly RunColumn[] = [
  { id: "experiment", title: "Experiment", sort: "experiment", words: true, usual: true, say: (run) => run.experiment_name },
  { id: "dataset", title: "Data", sort: "dataset", words: true, usual: true, say: (run, title) => title(run.dataset) },
  { id: "state", title: "State", sort: "state", words: true, usual: true, say: (run) => stateWords(run)?.text ?? run.state },
  { id: "error", title: "Error", sort: "error", usual: true, say: (run) => (run.error === null ? "–" : runError(run.error)) },
  { id: "macs", title: "Multiply-adds", sort: "macs", falls: true, usual: true, say: (run) => (run.macs === null ? "–" : fullCount(run.macs)) },
  { id: "parameters", title: "Parameters", sort: "parameters", falls: true, usual: true, say: (run) => (run.parameters === null ? "–" : fullCount(run.parameters)) },
  { id: "step", title: "Steps", sort: "step", falls: true, usual: false, say: (run) => whole(run.step) },
  { id: "seed", title: "Seed", sort: "seed", usual: false, say: (run) => String(run.seed) },
  { id: "created", title: "Started", sort: "created", falls: true, words: true, usual: true, say: (run) => agoWords(run.created) },
];

const KEPT = "runs.columns";

/** Ids of the columns that the user wants to see. */
export function keptColumns(): string[] {
  try {
    const found: unknown = JSON.parse(window.localStorage.getItem(KEPT) ?? "null");
    if (Array.isArray(found)) return found.filter((id): id is string => COLUMNS.some((column) => column.id === id));
  } catch {
    // nothing usable is kept: the usual columns
  }
  return COLUMNS.filter((column) => column.usual).map(({ id }) => id);
}

export function keepColumns(ids: readonly string[]): void {
  try {
    window.localStorage.setItem(KEPT, JSON.stringify(ids));
  } catch {
    // a browser that keeps nothing
  }
}

/** What a press on a column's head sorts by: first its usual way, then the other. */
export function sortAfter(before: string, column: RunColumn): string {
  if (column.sort === null) return before;
  const usual = column.falls ? `-${column.sort}` : column.sort;
  const other = column.falls ? column.sort : `-${column.sort}`;
  return before === usual ? other : usual;
}

/** The chosen runs with one more or one less; null where there would be too many. */
export function ticked(chosen: readonly string[], id: string, most: number): string[] | null {
  if (chosen.includes(id)) return chosen.filter((other) => other !== id);
  return chosen.length >= most ? null : [...chosen, id];
}

/** Tags as they are typed: commas between. */
export const tagsFrom = (text: string): string[] => [...new Set(text.split(",").map((tag) => tag.trim().replaceAll(/\s+/g, " ")).filter(Boolean))];
