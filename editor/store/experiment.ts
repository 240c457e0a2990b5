// The experiment that is open: its identity, recipe and runs, and how much of it the site has. The network is the graph's.
import { create } from "zustand";
import type { ExperimentView, RunCard } from "../generated/types";
import { api } from "../net/api";
import { absence, type ApiError, isAbort, words } from "../net/errors";
import { currentRoute, navigate, paths, type Route } from "../routes";
import { loadCatalogue, useCatalogue } from "./catalogue";
import { useStore } from ".";
import { readFolding } from "./foldings";
import { markOpened } from "./opened";
import { draftName, offerScaled } from "./scaled";
import { type Draft, dropDraft, newSlot, readDraft, whichIsNewer } from "./persist";

export type Saving =
  | "draft" // never saved: this browser alone has it
  | "saved"
  | "changed" // a save is due
  | "saving"
  | "offline" // the site did not answer; tried again by itself
  | "refused" // the site does not take it as it is
  | "conflict"; // saved elsewhere meanwhile

export interface ExperimentState {
  /** null for a network that was never saved. */
  id: string | null;
  /** Where this browser keeps unsaved work; null while nothing was changed in a new network. */
  slot: string | null;
  version: number;
  name: string;
  notes: string;
  recipe: Record<string, unknown>;
  runs: RunCard[];
  status: "none" | "loading" | "ready" | "failed" | "missing";
  /** Title of the page in its place where it is missing. */
  absent: string;
  problem: string | null;
  saving: Saving;
  /** Why the site refused the last save. */
  saveProblem: ApiError | null;
  /** The site's newer state, while the user is asked which to keep. */
  theirs: ExperimentView | null;
  /** The question is open; it can be put off until the next save. */
  asking: boolean;
  /** Unsaved work of an earlier visit was brought back. */
  restored: boolean;
  /** What was typed into fields of the recipe and cannot be taken, by field. */
  invalid: Record<string, string>;
  /** Grows with each change of name, notes or recipe. */
  edits: number;
  /** Id of the run that the site is asked to begin; its page is shown meanwhile. */
  starting: string | null;
}

const nothing: ExperimentState = {
  id: null,
  slot: null,
  version: 0,
  name: "Untitled",
  notes: "",
  recipe: {},
  runs: [],
  status: "none",
  absent: "No such experiment",
  problem: null,
  saving: "draft",
  saveProblem: null,
  theirs: null,
  asking: false,
  restored: false,
  invalid: {},
  edits: 0,
  starting: null,
};

export const useExperiment = create<ExperimentState>()(() => nothing);

const set = useExperiment.setState;
const get = useExperiment.getState;

let opening: AbortController | null = null;
let shown: Route | null = null;
const leaving = new Set<() => void>();
/** Takes back the offer that goes with the network that was opened last. */
let withdraw: (() => void) | null = null;

let opened = 0;

/** How many were opened so far: whether another took the place of the one that something was asked of. */
export const openings = () => opened;

/** Resolves once what is being opened is there, or cannot be had: what is put in its place before that would be lost. */
export function openingOver(): Promise<void> {
  return new Promise((resolve) => {
    if (get().status !== "loading") return resolve();
    const stop = useExperiment.subscribe(({ status }) => {
      if (status === "loading") return;
      stop();
      resolve();
    });
  });
}

/** Called before another experiment takes the place of the open one. */
export function beforeLeaving(leave: () => void): () => void {
  leaving.add(leave);
  return () => leaving.delete(leave);
}

/**
 * Show what an address names. Going to the experiment that is open already changes nothing.
 * A run's page opens its experiment itself, once it knows that the viewer owns it.
 */
export function openRoute(route: Route) {
  const justSaved = shown?.page === "draft" && route.page === "build" && get().id === route.experiment;
  shown = route;
  withdraw?.();
  withdraw = null;
  if (justSaved) return;
  if (route.page === "build") void openExperiment(route.experiment);
  if (route.page === "draft") void openDraft(route.zoo, route.slot, route.dataset);
}

export async function openExperiment(id: string, { again = false } = {}): Promise<void> {
  if (get().id === id && get().status !== "failed" && !again) return refreshRuns();
  const signal = start({ id });
  try {
    const [view] = await Promise.all([api.experiment(id, signal), loadCatalogue()]);
    if (signal.aborted) return;
    if (!view.mine) {
      if (shown?.page === "build") navigate(paths.about(id), { replace: true }); // it is shared: to look at, and to fork
      set({ ...nothing });
      return;
    }
    const draft = readDraft(id);
    const newer = whichIsNewer({ ...view, recipe: completed(view.recipe) }, draft);
    markOpened(id);
    if (draft && newer !== "site") showDraft(draft, view, newer === "both");
    else {
      if (draft) dropDraft(id);
      showView(view);
    }
  } catch (error) {
    fail(error);
  }
}

/**
 * A new network: from the zoo, from what this browser kept, or empty. One of the zoo that is scaled for a data set keeps in
 * its notes what was changed; one as published that no data set fits comes with the offer to scale it.
 */
export async function openDraft(zoo: string | null, slot: string | null, dataset: string | null = null): Promise<void> {
  if (slot !== null && get().slot === slot && get().status === "ready") return;
  const signal = start({ slot });
  try {
    const kept = slot === null ? null : readDraft(slot);
    const [template] = await Promise.all([kept || !zoo ? null : api.zooNetwork(zoo, dataset, signal), loadCatalogue()]);
    if (signal.aborted) return;
    if (kept) showDraft(kept, null, false);
    else if (slot !== null) set({ status: "missing" });
    else {
      const recipe = completed(template?.recipe ?? {});
      const name = template ? draftName(template) : "Untitled network";
      useStore.getState().load({ ...(template?.network ?? { nodes: [], edges: [] }), name });
      set({ ...nothing, slot: null, name, notes: template?.changed ?? "", recipe, status: "ready" });
      if (template && !dataset && currentRoute().page === "draft") withdraw = offerScaled(template);
    }
  } catch (error) {
    fail(error);
  }
}

function start(identity: Partial<ExperimentState>): AbortSignal {
  opening?.abort();
  opened += 1;
  for (const leave of leaving) leave();
  opening = new AbortController();
  set({ ...nothing, ...identity, status: "loading" });
  return opening.signal;
}

function fail(error: unknown) {
  if (isAbort(error)) return;
  const absent = absence(error, nothing.absent);
  set({ status: absent === null ? "failed" : "missing", absent: absent ?? nothing.absent, problem: words(error) });
}

/** A recipe with each field it leaves out at its default. */
function completed(recipe: Record<string, unknown>): Record<string, unknown> {
  const fields = useCatalogue.getState().recipeFields;
  return { ...Object.fromEntries(fields.map((field) => [field.name, field.default])), ...recipe };
}

/** Show the site's word, whatever was here before. */
export function showView(view: ExperimentView) {
  useStore.getState().load({ ...view.network, name: view.name }, readFolding(view.id));
  const { id, version, name, notes, runs } = view;
  set({ ...nothing, id, slot: id, version, name, notes, runs, recipe: completed(view.recipe), status: "ready", saving: "saved" });
}

function showDraft(draft: Draft, view: ExperimentView | null, conflict: boolean) {
  useStore.getState().load({ ...draft.network, name: draft.name }, readFolding(draft.slot));
  const saving: Saving = conflict ? "conflict" : view ? "changed" : "draft";
  const { slot, name, notes } = draft;
  const recipe = completed(draft.recipe);
  const identity = { id: view?.id ?? null, version: draft.version ?? 0, runs: view?.runs ?? [] };
  set({ ...nothing, ...identity, slot, name, notes, recipe, status: "ready", saving, restored: true, theirs: conflict ? view : null, asking: conflict });
}

/** A change of name, notes or recipe. Networks change through the graph's edit. */
export function changeExperiment(change: Partial<Pick<ExperimentState, "name" | "notes" | "recipe">>) {
  set((state) => ({ ...change, edits: state.edits + 1 }));
}

export function setRecipe(name: string, value: unknown) {
  changeExperiment({ recipe: { ...get().recipe, [name]: value } });
}

export function setInvalid(name: string, problem: string | null) {
  set(({ invalid: { [name]: _before, ...others } }) => ({ invalid: problem === null ? others : { ...others, [name]: problem } }));
}

/** The draft that stands for everything unsaved now; a new network gets its slot here. */
export function draftNow(): Draft {
  const { id, version, name, notes, recipe } = get();
  const slot = get().slot ?? newSlot();
  if (get().slot === null) set({ slot });
  const { network } = useStore.getState();
  return { slot, version: id === null ? null : version, name, notes, recipe, network: { ...network, name }, changed: Date.now() };
}

/** Fetch the runs anew, and the experiment where another tab changed it; silent where the site does not answer. */
export async function refreshRuns(): Promise<void> {
  const { id } = get();
  if (id === null) return;
  try {
    const view = await api.experiment(id);
    if (get().id !== id) return;
    if (view.version > get().version && get().saving === "saved") showView(view); // changed in another tab, and nothing here is unsaved
    else set({ runs: view.runs });
  } catch {
    // the list stays as it was
  }
}
