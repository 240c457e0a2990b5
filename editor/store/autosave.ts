// Saves what changes: at once in this browser, a second later on the site, and never two saves at a time.
import type { ExperimentView, RunView } from "../generated/types";
import { api } from "../net/api";
import { onReachable } from "../net/connection";
import { ApiError, isOffline, noAnswer, words } from "../net/errors";
import { currentRoute, navigate, paths } from "../routes";
import { useStore } from ".";
import { beforeLeaving, draftNow, openings, refreshRuns, showView, useExperiment } from "./experiment";
import { draftKey, dropDraft, newSlot, readDraftText, writeDraft } from "./persist";
import { toast } from "./ui";

const KEEP_AFTER = 250; // ms of rest before this browser keeps a change
const SAVE_AFTER = 1000; // ms of rest before the site is told
const RETRY_AFTER = 5000; // ms between tries while the site does not answer
const ASK_AGAIN_AFTER = 500; // ms after which a press that got no answer is asked about again, once
const LAST_WORD = 60_000; // bytes a request may hold that outlives the page

const set = useExperiment.setState;
const get = useExperiment.getState;

let keepTimer: number | undefined;
let saveTimer: number | undefined;
let running: Promise<boolean> | null = null;
/** Counts changes, to see whether one came while a save was on its way. */
let changes = 0;

/** Watch the graph and the experiment; returns how to stop. */
export function watchForChanges(): () => void {
  const stops = [
    useStore.subscribe((now, before) => {
      const edited = now.past.length > 0 || now.future.length > 0; // a load or the first layout is no change of the user's
      if (now.network !== before.network && now.loads === before.loads && edited) changed();
    }),
    useExperiment.subscribe((now, before) => {
      if (now.edits !== before.edits && now.edits > 0) changed();
      if (now.saving === "changed" && before.saving !== "changed") schedule(SAVE_AFTER);
    }),
    onReachable((reachable) => {
      if (reachable && get().saving === "offline") schedule(SAVE_AFTER);
    }),
  ];
  stops.push(beforeLeaving(settle));
  const leave = () => lastWord();
  window.addEventListener("pagehide", leave);
  window.addEventListener("storage", otherTab);
  return () => {
    for (const stop of stops) stop();
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("storage", otherTab);
  };
}

function changed() {
  changes += 1;
  const { id, saving, status } = get();
  if (status !== "ready") return;
  window.clearTimeout(keepTimer);
  keepTimer = window.setTimeout(keep, KEEP_AFTER);
  if (id === null || saving === "conflict") return;
  if (saving !== "saving") set({ saving: saving === "offline" ? "offline" : "changed" });
  schedule(saving === "offline" ? RETRY_AFTER : SAVE_AFTER);
}

/** Another experiment is about to be opened: nothing of this one may wait for a timer. */
function settle() {
  if (keepTimer !== undefined) keep();
  window.clearTimeout(saveTimer);
  if (get().saving === "changed") void save();
}

/** Keep the work in this browser now. */
function keep() {
  window.clearTimeout(keepTimer);
  keepTimer = undefined;
  const draft = draftNow();
  if (!writeDraft(draft) && get().id === null) {
    toast("This browser keeps no drafts. Save the network so that it is not lost.", { tone: "warn" });
  }
  if (get().id === null && currentRoute().page === "draft") navigate(paths.kept(draft.slot), { replace: true });
}

function schedule(delay: number) {
  window.clearTimeout(saveTimer);
  saveTimer = window.setTimeout(() => void save(), delay);
}

/** Save everything on the site now; a new network becomes an experiment. True when the site has it all. */
export async function save(): Promise<boolean> {
  window.clearTimeout(saveTimer);
  if (running) {
    await running;
    return get().saving === "saved" || save();
  }
  if (get().saving === "conflict") set({ asking: true });
  if (get().status !== "ready" || get().saving === "conflict") return false;
  if (get().saving === "saved") return true;
  running = send().finally(() => {
    running = null;
  });
  return running;
}

async function send(): Promise<boolean> {
  const { id, version } = get();
  try {
    const body = content();
    await sending(async () => ({ experiment: id === null ? await api.createExperiment(body) : await api.updateExperiment(id, { version, ...body }) }));
    return true;
  } catch (error) {
    return refused(error, id);
  }
}

/**
 * Saves what is unsaved and trains it, in one request, under an id that was chosen at random; `begun` is called with the
 * answer, and `saved` once the page has taken it in. Where that cannot be it is told, and what can be saved without it then is.
 */
export async function saveAndTrain(run: string, begun: (run: RunView) => void, saved: (run: RunView) => void): Promise<void> {
  window.clearTimeout(saveTimer);
  const opening = openings();
  await idle();
  if (openings() !== opening) return;
  const { id, version, saving } = get();
  const unsaved = saving !== "saved";
  const press = id === null ? { new: content() } : { experiment: id, save: { version, ...(unsaved && content()) } };
  const sent = changes;
  const ask = async () => {
    const answer = await twice(() => api.begin(run, press));
    begun(answer.run);
    return answer;
  };
  const asked = sending(ask, (answer) => saved(answer.run));
  const done = asked.then(
    () => true,
    () => false,
  );
  running = done;
  try {
    await asked;
  } catch (error) {
    running = null;
    if (openings() !== opening) {
      toast(words(error), { tone: "bad" });
      return;
    }
    set({ saving: id !== null && changes !== sent ? "changed" : saving });
    await recover(error, unsaved);
  } finally {
    if (running === done) running = null;
  }
}

/** Waits until no save is on its way. */
async function idle(): Promise<void> {
  if (!running) return undefined;
  await running;
  return idle();
}

/** Asks again where no answer came: the site may have done what it was asked, and then says so. */
async function twice<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!isOffline(error)) throw error;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_AFTER));
    return ask();
  }
}

/** After a press that came to nothing: says why, and saves what can be saved without it. */
async function recover(error: unknown, unsaved: boolean) {
  if (isOffline(error)) toast(`${noAnswer()}, so training cannot start. Your work is kept.`, { tone: "bad" });
  if (unsaved && !(await save())) return; // which said why
  if (isOffline(error)) return;
  const newer = !unsaved && error instanceof ApiError && error.code === "version";
  if (newer) await refreshRuns();
  toast(newer ? "It was saved elsewhere meanwhile, and is shown here as it is now. Press Train again to train that." : words(error), { tone: newer ? "warn" : "bad" });
}

/** What is saved of the open experiment. */
function content() {
  const { name, notes, recipe } = get();
  return { name, notes, recipe, network: { ...useStore.getState().network, name } };
}

/** Asks for a save and takes what the site has then. `also`: what goes with it, in the same turn, so that the page is drawn anew once. */
async function sending<Answer extends { experiment: ExperimentView }>(ask: () => Promise<Answer>, also?: (answer: Answer) => void): Promise<void> {
  const { id } = get();
  const slot = get().slot ?? (id === null ? newSlot() : id);
  const sent = changes;
  if (get().slot === null) set({ slot });
  set({ saving: "saving" });
  const answer = await ask();
  if (get().id === id && get().slot === slot) arrived(answer.experiment, slot, sent);
  else if (slot !== null && changes === sent) dropDraft(slot); // another experiment was opened meanwhile
  also?.(answer);
}

function arrived(view: ExperimentView, slot: string | null, sent: number) {
  const first = get().id === null;
  const more = changes !== sent;
  window.clearTimeout(keepTimer);
  if (slot !== null) dropDraft(slot);
  set({ id: view.id, slot: view.id, version: view.version, runs: view.runs, saving: more ? "changed" : "saved", saveProblem: null, restored: false });
  if (first && currentRoute().page === "draft") navigate(paths.build(view.id), { replace: true });
  if (more) {
    keep();
    schedule(SAVE_AFTER);
  }
}

async function refused(error: unknown, id: string | null): Promise<boolean> {
  keep();
  if (isOffline(error)) {
    set({ saving: "offline" });
    schedule(RETRY_AFTER);
    return false;
  }
  const problem = error instanceof ApiError ? error : new ApiError(String(error), 0, "page");
  if (problem.status === 409 && id !== null) {
    const theirs = await api.experiment(id).catch(() => null);
    set({ saving: theirs ? "conflict" : "offline", theirs, asking: theirs !== null });
    if (!theirs) schedule(RETRY_AFTER);
    return false;
  }
  set({ saving: id === null ? "draft" : "refused", saveProblem: problem });
  toast(problem.message, { tone: "bad" });
  return false;
}

/** After a conflict: go on with the site's state; what was here is gone. */
export function takeTheirs() {
  const { theirs, slot } = get();
  if (!theirs) return;
  if (slot !== null) dropDraft(slot);
  showView(theirs);
}

/** After a conflict: what is here becomes an experiment of its own. */
export async function keepMineAsCopy(): Promise<void> {
  const { slot, name } = get();
  const before = { id: get().id, theirs: get().theirs };
  set({ id: null, version: 0, name: `${name} (copy)`, saving: "draft", theirs: null, asking: false, runs: [] });
  if (await save()) {
    if (slot !== null) dropDraft(slot);
    const { id } = get();
    if (id !== null) navigate(paths.build(id), { replace: true });
  } else set({ ...before, name, saving: "conflict", asking: true });
}

/** The page is being left: keep what is unsaved, and try to tell the site with a request that outlives the page. */
function lastWord() {
  const { id, version, name, notes, recipe, saving, status } = get();
  if (status !== "ready") return;
  if (keepTimer !== undefined) keep();
  if (id === null || (saving !== "changed" && saving !== "offline")) return;
  const body = { version, name, notes, recipe, network: { ...useStore.getState().network, name } };
  if (JSON.stringify(body).length < LAST_WORD) api.updateExperiment(id, body, true).catch(() => undefined);
}

/** The same draft was changed in another tab; a tab that nobody looks at follows. */
function otherTab(event: StorageEvent) {
  const { slot, id, status } = get();
  if (status !== "ready" || slot === null || id !== null || event.key !== draftKey(slot)) return;
  const draft = readDraftText(event.newValue);
  if (!draft || document.visibilityState === "visible") return;
  useStore.getState().load(draft.network);
  set({ name: draft.name, notes: draft.notes, recipe: draft.recipe });
}
