import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addBlock } from "../../../editor/actions/edit";
import type { ExperimentView } from "../../../editor/generated/types";
import { useStore } from "../../../editor/store";
import { save, watchForChanges } from "../../../editor/store/autosave";
import { useCatalogue } from "../../../editor/store/catalogue";
import { changeExperiment, openDraft, openExperiment, setRecipe, useExperiment } from "../../../editor/store/experiment";
import { drafts, readDraft } from "../../../editor/store/persist";
import { openRun, useRun } from "../../../editor/store/run";
import { startTraining } from "../../../editor/store/training";
import { useUi } from "../../../editor/store/ui";
import { Site } from "./site";

/** A socket that nothing comes from. */
class Line extends EventTarget {
  static made: string[] = [];
  constructor(address: string) {
    super();
    Line.made.push(address);
  }
  close() {}
}

let site: Site;
let stop: () => void;
const edit = () => useStore.getState().edit("add", (network) => addBlock(network, "relu", null));
const experiment = () => useExperiment.getState();
const told = () => useUi.getState().toasts.map(({ message }) => message);
const runIn = (request: string | undefined) => /^PUT \/api\/runs\/([0-9a-f]{32})$/.exec(request ?? "")?.[1] ?? "";

beforeEach(() => {
  Line.made = [];
  localStorage.clear();
  window.history.replaceState(null, "", "/");
  site = new Site();
  vi.stubGlobal("fetch", site.fetch);
  vi.stubGlobal("WebSocket", Line);
  useCatalogue.setState({ status: "ready" });
  useExperiment.setState(useExperiment.getInitialState(), true);
  useRun.setState(useRun.getInitialState(), true);
  useUi.setState({ toasts: [] });
  stop = watchForChanges();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

describe("a press on Train", () => {
  test("saves a new network and trains it in one request, and its page is there meanwhile", async () => {
    window.history.replaceState(null, "", "/new");
    await openDraft(null, null);
    edit();
    changeExperiment({ name: "Mine" });
    const meanwhile: unknown[] = [];
    const forget = useExperiment.subscribe(({ starting }, { starting: before }) => {
      const { pressed, run, session } = useRun.getState();
      if (starting === before) return;
      // in a microtask, as React draws
      queueMicrotask(() => meanwhile.push([starting, pressed, run, session?.run, site.requests.length, Line.made.length]));
    });
    await startTraining();
    forget();
    const id = runIn(site.requests[0]);
    // It is asked for before its page is drawn; its socket is opened once there is such a run.
    expect(meanwhile).toEqual([
      [id, "Mine", null, id, 1, 0],
      [null, "Mine", null, id, 1, 1],
    ]);
    expect(site.requests).toEqual([`PUT /api/runs/${id}`]);
    expect(Line.made).toEqual([expect.stringContaining(`/ws/runs/${id}/`)]);
    expect(window.location.pathname).toBe(`/e/e1/runs/${id}`);
    expect(experiment()).toMatchObject({ id: "e1", saving: "saved", starting: null, runs: [{ id }] });
    expect(site.table.get("e1")?.network.nodes).toHaveLength(1);
    expect(drafts()).toEqual([]);
    openRun(id)();
  });

  test("twice in a row begins one run", async () => {
    await openDraft(null, null);
    window.history.replaceState(null, "", "/new");
    await Promise.all([startTraining(), startTraining()]);
    expect(site.requests).toHaveLength(1);
  });

  test("goes nowhere with whoever went elsewhere meanwhile", async () => {
    window.history.replaceState(null, "", "/new");
    await openDraft(null, null);
    const pressed = startTraining();
    window.history.replaceState(null, "", "/zoo");
    await pressed;
    expect(window.location.pathname).toBe("/zoo");
    expect(told()).toEqual(["Run 1 of “Untitled network” has begun."]);
  });
});

describe("a press on Train in an experiment", () => {
  beforeEach(async () => {
    site.add("e1", "First");
    window.history.replaceState(null, "", "/e/e1");
    await openExperiment("e1");
    site.requests = [];
  });

  test("sends nothing but the press where all is saved", async () => {
    await startTraining();
    expect(site.requests.map(runIn)).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(site.table.get("e1")?.version).toBe(1);
  });

  test("saves what changed with it", async () => {
    setRecipe("epochs", 7);
    await startTraining();
    expect(site.requests).toHaveLength(1);
    expect(site.table.get("e1")).toMatchObject({ version: 2, recipe: { epochs: 7 } });
    expect(experiment()).toMatchObject({ version: 2, saving: "saved" });
  });

  test("that is refused comes back to the network, says why, and saves the work all the same", async () => {
    site.refusal = { status: 429, code: "too_many_runs", message: "You have 2 runs waiting." };
    edit();
    await startTraining();
    expect(told()).toEqual(["You have 2 runs waiting."]);
    expect(experiment()).toMatchObject({ starting: null, saving: "saved", version: 2 });
    expect(site.table.get("e1")?.network.nodes).toHaveLength(1);
    expect(window.location.pathname).toBe("/e/e1");
  });

  test("without an answer keeps the work here", async () => {
    site.reachable = false;
    edit();
    await startTraining();
    expect(told()).toEqual(["The site does not answer, so training cannot start. Your work is kept."]);
    expect(experiment()).toMatchObject({ starting: null, saving: "offline" });
    expect(readDraft("e1")?.network.nodes).toHaveLength(1);
  });

  test("whose answer is lost is asked about again, and goes to the run that was begun", async () => {
    site.losesAnswers = 1;
    edit();
    await startTraining();
    expect(site.requests).toHaveLength(2);
    expect(runIn(site.requests[0])).toBe(runIn(site.requests[1]));
    expect(site.begun.size).toBe(1);
    expect(window.location.pathname).toBe(`/e/e1/runs/${runIn(site.requests[0])}`);
    expect(experiment()).toMatchObject({ version: 2, saving: "saved" });
    expect(told()).toEqual([]);
  });

  test("means what is on the page: a newer save elsewhere is shown first", async () => {
    Object.assign(site.table.get("e1") as ExperimentView, { version: 5, name: "Theirs" });
    await startTraining();
    expect(told()).toEqual(["It was saved elsewhere meanwhile, and is shown here as it is now. Press Train again to train that."]);
    expect(experiment()).toMatchObject({ name: "Theirs", version: 5, saving: "saved", starting: null });
    expect(site.begun.size).toBe(0);
  });

  test("while a save is on its way comes after it, with what was changed meanwhile", async () => {
    edit();
    const saving = save();
    setRecipe("epochs", 9);
    const waiting = save();
    await Promise.all([startTraining(), saving, waiting]);
    expect(site.table.get("e1")).toMatchObject({ recipe: { epochs: 9 } });
    expect(experiment()).toMatchObject({ saving: "saved", version: site.table.get("e1")?.version });
    expect(site.begun.size).toBe(1);
    expect(told()).toEqual([]);
  });

  test("trains nothing else where another experiment was opened before it could be sent, and leaves that one alone", async () => {
    site.add("e2", "Second");
    edit();
    const saving = save();
    const pressed = startTraining();
    const opening = openExperiment("e2");
    await Promise.all([saving, pressed, opening]);
    expect(site.begun.size).toBe(0);
    site.refusal = { status: 429, code: "too_many_runs", message: "You have 2 runs waiting." };
    const refused = startTraining();
    await Promise.all([refused, openExperiment("e1")]);
    expect(experiment()).toMatchObject({ id: "e1", saving: "saved", starting: null });
  });

  test("that was changed elsewhere asks which of both to keep, and trains neither", async () => {
    Object.assign(site.table.get("e1") as ExperimentView, { version: 5, name: "Theirs" });
    edit();
    await startTraining();
    expect(experiment()).toMatchObject({ starting: null, saving: "conflict", asking: true });
    useExperiment.setState({ asking: false });
    site.requests = [];
    await startTraining();
    expect(experiment()).toMatchObject({ asking: true, starting: null });
    expect(site.requests).toEqual([]);
    expect(told()).toEqual([]);
  });
});
