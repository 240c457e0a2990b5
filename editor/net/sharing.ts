// The API of sharing; a part of its own, for the pages that build and train do without it.
import type { EmbedView, GalleryPage, NewLink, SharingView } from "../generated/types";
import { query, request } from "./api";

export interface LinkWanted {
  /** The run that it opens; null: the experiment with all of them. */
  run: string | null;
  /** Days till it is over; null: it stays. */
  days: number | null;
  /** Whom it is for. */
  note: string;
}

export type GallerySort = "new" | "forks";

const of = (experiment: string) => `/api/experiments/${experiment}`;

export const sharingApi = {
  sharing: (experiment: string, signal?: AbortSignal) => request<SharingView>(`${of(experiment)}/sharing`, { signal }),
  setVisibility: (experiment: string, visibility: SharingView["visibility"], confirmed: boolean) =>
    request<SharingView>(`${of(experiment)}/visibility`, { method: "PUT", body: { visibility, confirmed } }),
  /** Its address is told this once. */
  makeLink: (experiment: string, body: LinkWanted) => request<NewLink>(`${of(experiment)}/links`, { method: "POST", body }),
  revoke: (link: number) => request<null>(`/api/links/${link}`, { method: "DELETE" }),
  gallery: (asked: { q: string; sort: GallerySort; page: number }, signal?: AbortSignal) => request<GalleryPage>(`/api/gallery${query(asked)}`, { signal }),
  embed: (key: string, signal?: AbortSignal) => request<EmbedView>(`/api/embed/${encodeURIComponent(key)}`, { signal }),
};
