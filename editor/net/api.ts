// Typed client of the site's API. Every failure is an ApiError with words; an aborted request throws AbortError.
import type {
  Analysis,
  Begun,
  BlockView,
  Command,
  DatasetView,
  ExperimentCard,
  ExperimentView,
  FieldSpec,
  GuidelineView,
  Network,
  Outlook,
  OwnDataPage,
  OwnDataView,
  Notice,
  Profiles,
  Recipe,
  RunPoint,
  RunView,
  Stream,
  Takeaway,
  TagCount,
  WorkerView,
  ZooView,
} from "../generated/types";
import { setReachable } from "./connection";
import { ApiError, offlineError, problemFrom } from "./errors";

/** Bytes of the largest file of a network document: the site takes half as many, without the white space of a file. */
export const LARGEST_DOCUMENT = 4_000_000;

/** A template or published network in a list. */
export type ZooCard = Omit<ZooView, "recipe" | "changed">;
export type DocumentLike = Network | Record<string, unknown>;
export type RecipeLike = Partial<Recipe> | Record<string, unknown>;

interface Options {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  /** Sent as it is, in place of a JSON body. */
  file?: Blob;
  signal?: AbortSignal | undefined;
  accept?: string;
  /** Lets the request outlive the page, for the last save. At most 64 kB. */
  keepalive?: boolean;
}

/** The token that Django wants with each change, from its cookie. */
export function csrfToken(cookie = document.cookie): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookie)?.[1] ?? "";
}

async function send(path: string, { method = "GET", body, file, signal, accept = "application/json", keepalive = false }: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (file !== undefined) headers["Content-Type"] = "application/octet-stream";
  if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: file ?? (body === undefined ? null : JSON.stringify(body)),
      signal: signal ?? null,
      credentials: "same-origin",
      keepalive,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    setReachable(false);
    throw offlineError();
  }
  setReachable(response.status !== 502 && response.status !== 503 && response.status !== 504);
  if (!response.ok) throw problemFrom(response.status, await json(response).catch(() => null));
  return response;
}

async function json(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  return response.json();
}

/** Any address of the API, for the parts of the page that keep their own calls. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const response = await send(path, options);
  try {
    return (await json(response)) as T;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError("The site's answer could not be read. Reload the page.", response.status, "unreadable");
  }
}

async function bytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await send(path, { accept: "application/octet-stream", signal });
  return response.arrayBuffer();
}

export function query(values: Record<string, string | number | null | undefined>): string {
  const pairs = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const text = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString();
  return text ? `?${text}` : "";
}

export interface NewExperiment {
  name?: string;
  network: DocumentLike;
  recipe?: RecipeLike;
  notes?: string;
}

export interface NewOwnData {
  title: string;
  /** Name of the zip. */
  file: string;
  bytes: number;
  options: Record<string, unknown>;
}

export interface ExperimentChange {
  /** The version this change builds on; the site refuses an older one with 409. */
  version: number;
  name?: string;
  network?: DocumentLike;
  recipe?: RecipeLike;
  notes?: string;
}

/** What of the recipe the analysis of a network depends on. */
export type AnalysedRecipe = Partial<Pick<Recipe, "optimiser" | "learning_rate" | "momentum" | "initialisation" | "batch_size">>;

export interface AnalyseOptions {
  dataset?: string;
  open?: string[];
  recipe?: AnalysedRecipe;
  signal?: AbortSignal;
}

/** What is trained: a new experiment, or one as it stands at a version, with what has changed since. */
export type Press = { new: NewExperiment } | { experiment: string; save: ExperimentChange };

export interface HistoryRange {
  stream: Stream["name"];
  from?: number;
  to?: number;
  points?: number;
}

/** What the list of runs is asked for; empty values ask for nothing. */
export interface RunsAsked {
  q?: string;
  dataset?: string;
  state?: string;
  experiment?: string;
  tag?: string;
  sort?: string;
  after?: string;
  limit?: number;
}

export interface RunsPage {
  runs: RunPoint[];
  total: number;
  /** Empty on the last page. */
  after: string;
}

/** A model file read as a network. */
export interface ImportedModel {
  network: Network;
  /** What was left out or read in another way, a sentence each, for the user to see. */
  remarks: string[];
}

export const api = {
  blocks: (signal?: AbortSignal) => request<BlockView[]>("/api/blocks", { signal }),
  recipeFields: (signal?: AbortSignal) => request<FieldSpec[]>("/api/recipe", { signal }),
  zoo: (signal?: AbortSignal) => request<ZooCard[]>("/api/zoo", { signal }),
  /** As published; with a data set, scaled for it. */
  zooNetwork: (name: string, dataset: string | null = null, signal?: AbortSignal) => request<ZooView>(`/api/zoo/${encodeURIComponent(name)}${query({ dataset })}`, { signal }),
  datasets: (signal?: AbortSignal) => request<DatasetView[]>("/api/datasets", { signal }),
  samplesUrl: (name: string) => `/api/datasets/${encodeURIComponent(name)}/samples.png`,
  /** Your own data sets, and what a new one may be. */
  ownData: (signal?: AbortSignal) => request<OwnDataPage>("/api/own-data", { signal }),
  ownDataset: (id: string, signal?: AbortSignal) => request<OwnDataView>(`/api/own-data/${id}`, { signal }),
  beginUpload: (body: NewOwnData) => request<OwnDataView>("/api/own-data", { method: "POST", body }),
  /** A part of the zip from `offset` on; the last one begins the check. */
  uploadPart: (id: string, offset: number, file: Blob, signal?: AbortSignal) =>
    request<OwnDataView>(`/api/own-data/${id}/file${query({ offset })}`, { method: "PUT", file, signal }),
  renameOwnData: (id: string, title: string) => request<OwnDataView>(`/api/own-data/${id}`, { method: "PATCH", body: { title } }),
  deleteOwnData: (id: string) => request<null>(`/api/own-data/${id}`, { method: "DELETE" }),
  guidelines: (signal?: AbortSignal) => request<GuidelineView[]>("/api/guidelines", { signal }),
  workers: (signal?: AbortSignal) => request<WorkerView[]>("/api/workers", { signal }),

  analyse: (network: DocumentLike, { dataset, open = [], recipe = {}, signal }: AnalyseOptions = {}) =>
    request<Analysis>(`/api/analyse${query({ dataset, open: open.join(","), ...recipe })}`, { method: "POST", body: network, signal }),
  /** The document after the fix of a notice, where the analysis gave only its label. */
  fix: (network: DocumentLike, { id, node }: Pick<Notice, "id" | "node">, { dataset, recipe = {}, signal }: Omit<AnalyseOptions, "open"> = {}) =>
    request<Record<string, unknown>>(`/api/fix${query({ notice: id, node, dataset, ...recipe })}`, { method: "POST", body: network, signal }),
  code: (network: DocumentLike, signal?: AbortSignal) => request<{ code: string }>("/api/code", { method: "POST", body: network, signal }),
  /** The network as an ONNX file; the document travels inside it. */
  onnx: async (network: DocumentLike, signal?: AbortSignal): Promise<Blob> =>
    (await send("/api/onnx", { method: "POST", body: network, accept: "application/octet-stream", signal })).blob(),
  /** Reads an ONNX file of any size: its weights stay here. What has no block is refused, all of it named at once. */
  importModel: async (file: Blob, signal?: AbortSignal) =>
    request<ImportedModel>(`/api/import${query({ name: file instanceof File ? file.name : "" })}`, { method: "POST", file: await (await import("./onnxOutline")).outline(file), signal }),

  experiments: (signal?: AbortSignal) => request<ExperimentCard[]>("/api/experiments", { signal }),
  createExperiment: (body: NewExperiment) => request<ExperimentView>("/api/experiments", { method: "POST", body }),
  experiment: (id: string, signal?: AbortSignal) => request<ExperimentView>(`/api/experiments/${id}`, { signal }),
  updateExperiment: (id: string, body: ExperimentChange, keepalive = false) =>
    request<ExperimentView>(`/api/experiments/${id}`, { method: "PATCH", body, keepalive }),
  deleteExperiment: (id: string) => request<null>(`/api/experiments/${id}`, { method: "DELETE" }),
  duplicateExperiment: (id: string) => request<ExperimentView>(`/api/experiments/${id}/duplicate`, { method: "POST" }),
  forkRun: (id: string) => request<ExperimentView>(`/api/runs/${id}/fork`, { method: "POST" }),
  /** Saves and trains in one, under an id that was chosen at random. */
  begin: (run: string, press: Press) => request<Begun>(`/api/runs/${run}`, { method: "PUT", body: press }),
  startRun: (experiment: string) => request<RunView>(`/api/experiments/${experiment}/runs`, { method: "POST" }),

  /** The user's runs with what they cost, newest first; of one data set, or of all. */
  runs: (dataset: string | null = null, signal?: AbortSignal) => request<RunPoint[]>(`/api/runs${query({ dataset })}`, { signal }),
  /** A page of the list of runs, with how many there are in all and the cursor of the next page. */
  runsPage: async (asked: RunsAsked, signal?: AbortSignal): Promise<RunsPage> => {
    const response = await send(`/api/runs${query({ ...asked, limit: asked.limit ?? 50 })}`, { signal });
    const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("Link") ?? "")?.[1] ?? "";
    return {
      runs: (await response.json()) as RunPoint[],
      total: Number(response.headers.get("X-Total-Count") ?? 0),
      after: new URLSearchParams(next.split("?")[1] ?? "").get("after") ?? "",
    };
  },
  tags: (signal?: AbortSignal) => request<TagCount[]>("/api/tags", { signal }),
  /** Replaces all tags of a run. */
  tagRun: (id: string, tags: readonly string[]) => request<unknown>(`/api/runs/${id}`, { method: "PATCH", body: { tags } }),
  /** A container: the comparison, then the curves of all runs, or of those in `rows`. */
  compare: (runs: readonly string[], rows: readonly string[], points: number, signal?: AbortSignal) =>
    bytes(`/api/compare${query({ runs: runs.join(","), stream: "steps,validation", rows: rows.join(","), points })}`, signal),
  /** The layers of each run at a step; without one at the end. */
  profiles: (runs: readonly string[], step: number | null, signal?: AbortSignal) => request<Profiles>(`/api/compare/profiles${query({ runs: runs.join(","), step })}`, { signal }),
  run: (id: string, signal?: AbortSignal) => request<RunView>(`/api/runs/${id}`, { signal }),
  deleteRun: (id: string) => request<null>(`/api/runs/${id}`, { method: "DELETE" }),
  command: (run: string, command: Pick<Command, "kind"> & Partial<Command>) =>
    request<unknown>(`/api/runs/${run}/commands`, { method: "POST", body: command }),
  /** Trains a twin with one remedy of one alert: the new run. */
  remedy: (run: string, alert: string, remedy: string) => request<RunView>(`/api/runs/${run}/remedy`, { method: "POST", body: { alert, remedy } }),
  /** What training so many more epochs would do to a run that has ended. */
  outlook: (run: string, epochs: number | null = null, rate: number | null = null, signal?: AbortSignal) =>
    request<Outlook>(`/api/runs/${run}/continuation${query({ epochs, rate })}`, { signal }),
  /** Queues a run that has ended for more epochs; `anew` agrees that all is trained again where its checkpoint is gone. */
  goOn: (run: string, epochs: number, rate: number | null, anew: boolean) =>
    request<RunView>(`/api/runs/${run}/continuation`, { method: "POST", body: { epochs, rate, anew } }),
  /** Every file that can be made of a run. */
  takeaways: (run: string, signal?: AbortSignal) => request<Takeaway[]>(`/api/runs/${run}/takeaways`, { signal }),
  /** A container of Rows records. */
  history: (run: string, range: HistoryRange, signal?: AbortSignal) => bytes(`/api/runs/${run}/history${query({ ...range })}`, signal),
  /** A container with the newest Maps, EffectiveField, Units, Prediction and Evaluation records at or before `step`; Mistakes where `kind` names them. */
  frames: (run: string, step?: number, kind?: string, signal?: AbortSignal) => bytes(`/api/runs/${run}/frames${query({ step, kind })}`, signal),
  /** A container of all that the page of a run shows, its rows from these steps on. */
  recording: (run: string, from: Record<Stream["name"], number>, signal?: AbortSignal) => bytes(`/api/runs/${run}/recording${query(from)}`, signal),

  health: (signal?: AbortSignal) => request<{ status: string }>("/api/health", { signal }),
};
