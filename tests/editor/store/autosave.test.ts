import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { addBlock } from "../../../editor/actions/edit";
import type { ExperimentView } from "../../../editor/generated/types";
import { keepMineAsCopy, save, takeTheirs, watchForChanges } from "../../../editor/store/autosave";
import { useCatalogue } from "../../../editor/store/catalogue";
import { changeExperiment, openDraft, openExperiment, refreshRuns, setRecipe, useExperiment } from "../../../editor/store/experiment";
import { useStore } from "../../../editor/store";
import { drafts, readDraft } from "../../../editor/store/persist";
import { Site } from "./site";

let site: Site;
let stop: () => void;
const settled = () => vi.advanceTimersByTimeAsync(1500);
const edit = () => useStore.getState().edit("add", (network) => addBlock(network, "relu", null));
const experiment = () => useExperiment.getState();

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  window.history.replaceState(null, "", "/");
  site = new Site();
  vi.stubGlobal("fetch", site.fetch);
  useCatalogue.setState({ status: "ready" });
  useExperiment.setState(useExperiment.getInitialState(), true);
  stop = watchForChanges();
});
afterEach(async () => {
  stop();
  await vi.runOnlyPendingTimersAsync();
  vi.useRealTimers();
});

describe("a new network", () => {
  test("is kept in this browser from the first change on, and nothing before", async () => {
    window.history.replaceState(null, "", "/new");
    await openDraft(null, null);
    await settled();
    expect(drafts()).toEqual([]);
    edit();
    await settled();
    expect(drafts()).toHaveLength(1);
    expect(window.location.search).toBe(`?draft=${drafts()[0]?.slot}`);
    expect(site.requests).toEqual([]);
  });

  test("comes back after a reload", async () => {
    await openDraft(null, null);
    edit();
    changeExperiment({ name: "Mine" });
    await settled();
    const { slot } = experiment();
    useExperiment.setState(useExperiment.getInitialState(), true);
    await openDraft(null, slot);
    expect(experiment()).toMatchObject({ name: "Mine", restored: true, saving: "draft" });
    expect(useStore.getState().network.nodes).toHaveLength(1);
  });

  test("becomes an experiment when it is saved, and its address follows", async () => {
    window.history.replaceState(null, "", "/new");
    await openDraft(null, null);
    edit();
    await settled();
    expect(await save()).toBe(true);
    expect(window.location.pathname).toBe("/e/e1");
    expect(drafts()).toEqual([]);
    expect(experiment().saving).toBe("saved");
  });
});

test("a draft that this browser does not have is missing, not empty", async () => {
  await openDraft(null, "gone");
  expect(experiment().status).toBe("missing");
});

describe("an experiment", () => {
  beforeEach(async () => {
    site.add("e1", "First");
    await openExperiment("e1");
    site.requests = [];
  });

  test("is saved a second after the last of several changes, once", async () => {
    edit();
    await vi.advanceTimersByTimeAsync(400);
    setRecipe("epochs", 7);
    await settled();
    expect(site.requests).toEqual(["PATCH /api/experiments/e1"]);
    expect(site.table.get("e1")).toMatchObject({ version: 2, recipe: { epochs: 7 } });
    expect(experiment().saving).toBe("saved");
    expect(readDraft("e1")).toBeNull();
  });

  test("follows what another tab saved, while nothing here is unsaved", async () => {
    Object.assign(site.table.get("e1") as ExperimentView, { version: 3, name: "Other tab" });
    await refreshRuns();
    expect(experiment()).toMatchObject({ name: "Other tab", version: 3, saving: "saved" });
  });

  test("opening it changes nothing", async () => {
    await settled();
    expect(site.requests).toEqual([]);
  });

  test("work done while the site does not answer is kept and saved when it does", async () => {
    site.reachable = false;
    edit();
    await settled();
    expect(experiment().saving).toBe("offline");
    expect(readDraft("e1")?.network.nodes).toHaveLength(1);
    site.reachable = true;
    await vi.advanceTimersByTimeAsync(6000);
    expect(experiment().saving).toBe("saved");
    expect(site.table.get("e1")?.network.nodes).toHaveLength(1);
  });

  test("work that never reached the site is brought back when it is opened again", async () => {
    site.reachable = false;
    edit();
    await settled();
    useExperiment.setState(useExperiment.getInitialState(), true);
    site.reachable = true;
    await openExperiment("e1");
    expect(experiment().restored).toBe(true);
    expect(useStore.getState().network.nodes).toHaveLength(1);
    await settled();
    expect(site.table.get("e1")?.version).toBe(2);
  });

  test("a change that comes while a save is on its way is saved after it", async () => {
    edit();
    await vi.advanceTimersByTimeAsync(999);
    const saving = save();
    setRecipe("epochs", 9);
    await saving;
    await settled();
    expect(site.table.get("e1")).toMatchObject({ version: 3, recipe: { epochs: 9 } });
    expect(experiment().saving).toBe("saved");
  });
});

describe("changed in two places", () => {
  beforeEach(async () => {
    site.add("e1", "First");
    await openExperiment("e1");
    Object.assign(site.table.get("e1") as ExperimentView, { version: 5, name: "Theirs" });
    edit();
    await settled();
  });

  test("nothing is overwritten, and the user is asked, again at the next save", async () => {
    expect(experiment()).toMatchObject({ saving: "conflict", asking: true });
    useExperiment.setState({ asking: false });
    expect(await save()).toBe(false);
    expect(experiment().asking).toBe(true);
    expect(experiment().theirs?.name).toBe("Theirs");
    expect(site.table.get("e1")?.version).toBe(5);
  });

  test("taking theirs drops mine", async () => {
    takeTheirs();
    expect(experiment()).toMatchObject({ name: "Theirs", version: 5, saving: "saved" });
    expect(useStore.getState().network.nodes).toEqual([]);
    expect(drafts()).toEqual([]);
  });

  test("keeping mine makes an experiment of its own", async () => {
    await keepMineAsCopy();
    expect(experiment()).toMatchObject({ id: "e2", name: "First (copy)", saving: "saved" });
    expect(site.table.get("e2")?.network.nodes).toHaveLength(1);
    expect(site.table.get("e1")).toMatchObject({ name: "Theirs", version: 5 });
    expect(window.location.pathname).toBe("/e/e2");
    expect(drafts()).toEqual([]);
  });
});
