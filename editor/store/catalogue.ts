// What the site knows and the page only reads: blocks, recipe fields, templates, data sets, workers.
import { create } from "zustand";
import type { BlockView, DatasetView, FieldSpec, WorkerView } from "../generated/types";
import { api, type ZooCard } from "../net/api";
import { onReachable } from "../net/connection";
import { words } from "../net/errors";

export interface CatalogueState {
  blocks: BlockView[];
  /** Blocks by kind. */
  block: Record<string, BlockView>;
  recipeFields: FieldSpec[];
  zoo: ZooCard[];
  datasets: DatasetView[];
  workers: WorkerView[];
  /** The workers were asked for at least once. */
  workersKnown: boolean;
  status: "idle" | "loading" | "ready" | "failed";
  problem: string | null;
}

export const useCatalogue = create<CatalogueState>()(() => ({
  blocks: [],
  block: {},
  recipeFields: [],
  zoo: [],
  datasets: [],
  workers: [],
  workersKnown: false,
  status: "idle",
  problem: null,
}));

let loading: Promise<void> | null = null;

/** Load everything once; later calls wait for the same answers. After a failure the next call tries again. */
export function loadCatalogue(): Promise<void> {
  if (useCatalogue.getState().status === "ready") return Promise.resolve();
  loading ??= fetchAll().finally(() => {
    loading = null;
  });
  return loading;
}

async function fetchAll() {
  useCatalogue.setState({ status: "loading", problem: null });
  try {
    const [blocks, recipeFields, zoo, datasets] = await Promise.all([api.blocks(), api.recipeFields(), api.zoo(), api.datasets()]);
    const block: Record<string, BlockView> = Object.create(null); // a block of a file may be called "constructor"
    for (const view of blocks) block[view.kind] = view;
    useCatalogue.setState({ blocks, block, recipeFields, zoo, datasets, status: "ready" });
  } catch (error) {
    useCatalogue.setState({ status: "failed", problem: words(error) });
  }
}

const AGAIN_AFTER = 3000; // ms from the site's return to the next try, so that a half-broken site is not asked without pause
let again: number | undefined;

onReachable((reachable) => {
  if (!reachable || again !== undefined) return;
  again = window.setTimeout(() => {
    again = undefined;
    if (useCatalogue.getState().status === "failed") void loadCatalogue();
  }, AGAIN_AFTER);
});

/** Ask again for what changes as workers come and go. A failure leaves the last answer standing. */
export async function refreshWorkers(): Promise<void> {
  try {
    const workers = await api.workers();
    useCatalogue.setState({ workers, workersKnown: true });
    const missing = useCatalogue.getState().datasets.some((view) => view.card === null);
    if (missing && workers.some((worker) => worker.connected)) useCatalogue.setState({ datasets: await api.datasets() });
  } catch {
    // the connection chip tells that the site does not answer
  }
}

/** Ask again for the data sets: one has come, gone, or has another name. */
export async function refreshDatasets(): Promise<void> {
  try {
    useCatalogue.setState({ datasets: await api.datasets() });
  } catch {
    // the connection chip tells that the site does not answer
  }
}

/** Somebody's own data set, or a folder of the site: what its name says to nobody. */
export const isOwnName = (name: string): boolean => /^(own|folder)-/.test(name);

/** What people call a data set; one that is not there any more has no other name than that. */
export const selectTitle = (name: string) => (state: Pick<CatalogueState, "datasets" | "status">): string =>
  selectDataset(name)(state)?.dataset.title ?? (isOwnName(name) && state.status === "ready" ? "Data not here" : name);

export const selectDataset = (name: string) => (state: Pick<CatalogueState, "datasets">): DatasetView | undefined =>
  state.datasets.find((view) => view.dataset.name === name);
