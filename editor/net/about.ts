// The API of the experiment's page; a part of its own, for the pages that build and train do without it.
import type { AboutView, BatchView, DifferenceView, ExperimentView, Pair, SweepForm, SweepPlan, TwinOffer, VersionCard, VersionView } from "../generated/types";
import { query, request } from "./api";

/** One setting and its values: a list, or so many from low to high. */
export interface Axis {
  field: string;
  values?: unknown[];
  low?: number;
  high?: number;
  count?: number;
  scale?: "linear" | "log";
}

export interface SweepWanted {
  axes: Axis[];
  seeds: number;
}

/** One of the two that are compared; without a version as it is now. */
export interface Side {
  experiment: string;
  version: number | null;
}

const of = (experiment: string) => `/api/experiments/${experiment}`;

export const aboutApi = {
  about: (experiment: string, signal?: AbortSignal) => request<AboutView>(`${of(experiment)}/about`, { signal }),
  versions: (experiment: string, signal?: AbortSignal) => request<VersionCard[]>(`${of(experiment)}/versions`, { signal }),
  version: (experiment: string, number: number) => request<VersionView>(`${of(experiment)}/versions/${number}`),
  revert: (experiment: string, number: number, version: number) =>
    request<ExperimentView>(`${of(experiment)}/versions/${number}/revert`, { method: "POST", body: { version } }),
  difference: (before: Side, after: Side, signal?: AbortSignal) =>
    request<DifferenceView>(`${of(after.experiment)}/difference${query({ version: after.version, other: before.experiment, other_version: before.version })}`, { signal }),
  twins: (experiment: string, signal?: AbortSignal) => request<TwinOffer[]>(`${of(experiment)}/twins`, { signal }),
  makeTwin: (experiment: string, { kind, option }: Pick<TwinOffer, "kind" | "option">) =>
    request<Pair>(`${of(experiment)}/twins`, { method: "POST", body: { kind, options: { to: option } } }),
  sweepForm: (experiment: string, signal?: AbortSignal) => request<SweepForm>(`${of(experiment)}/sweep`, { signal }),
  planSweep: (experiment: string, wanted: SweepWanted, signal?: AbortSignal) =>
    request<SweepPlan>(`${of(experiment)}/sweep`, { method: "POST", body: { ...wanted, dry_run: true }, signal }),
  startSweep: (experiment: string, wanted: SweepWanted) => request<SweepPlan>(`${of(experiment)}/sweep`, { method: "POST", body: wanted }),
  batch: (id: string, signal?: AbortSignal) => request<BatchView>(`/api/batches/${id}`, { signal }),
  cancelBatch: (id: string) => request<BatchView>(`/api/batches/${id}/cancel`, { method: "POST" }),
};
