// The user's own data sets as the data page sees them: asked for again while one of them is on its way.
import { create } from "zustand";
import type { OwnDataPage, OwnDataView } from "../../generated/types";
import { api } from "../../net/api";
import { isAbort, words } from "../../net/errors";
import { refreshDatasets } from "../../store/catalogue";
import { toast } from "../../store/ui";
import { sendFile } from "./upload";

export interface OwnDataState {
  page: OwnDataPage | null;
  problem: string | null;
  /** Uploads of this page, by id; they go on while other pages are shown. */
  sending: Record<string, AbortController>;
  /** The set that stands open. */
  open: string | null;
}

export const useOwnData = create<OwnDataState>()(() => ({ page: null, problem: null, sending: {}, open: null }));

export async function loadOwnData(): Promise<void> {
  try {
    const before = useOwnData.getState().page?.sets ?? [];
    const page = await api.ownData();
    useOwnData.setState({ page, problem: null });
    const ready = (sets: OwnDataView[]) => sets.filter((set) => set.state === "ready").map((set) => `${set.id} ${set.title}`).sort().join();
    if (ready(before) !== ready(page.sets)) void refreshDatasets();
  } catch (error) {
    useOwnData.setState({ problem: words(error) });
  }
}

/** Something changes by itself: an upload that another page sends, or a check. */
export const isMoving = ({ page, sending }: OwnDataState) =>
  page?.sets.some((set) => set.state === "checking" || (set.state === "uploading" && !(set.id in sending))) ?? false;

function keep(view: OwnDataView) {
  useOwnData.setState(({ page }) => {
    if (!page) return {};
    const known = page.sets.some((set) => set.id === view.id);
    const sets = known ? page.sets.map((set) => (set.id === view.id ? view : set)) : [view, ...page.sets];
    return { page: { ...page, sets } };
  });
}

/** Begin an upload. Throws the site's refusal; what goes wrong later is told in a toast. */
export async function beginUpload(file: File, title: string, options: Record<string, unknown>): Promise<void> {
  const view = await api.beginUpload({ title, file: file.name, bytes: file.size, options });
  keep(view);
  useOwnData.setState({ open: view.id });
  void goOn(view, file);
}

/** Send the rest of a file whose upload broke off. */
export async function goOn(view: OwnDataView, file: File): Promise<void> {
  const control = new AbortController();
  useOwnData.setState(({ sending }) => ({ sending: { ...sending, [view.id]: control } }));
  try {
    const most = useOwnData.getState().page?.limits.part_bytes ?? view.bytes;
    await sendFile(view, file, { onProgress: keep, signal: control.signal, most });
  } catch (error) {
    if (!isAbort(error)) toast(words(error), { tone: "bad" });
  } finally {
    useOwnData.setState(({ sending }) => {
      const { [view.id]: _over, ...others } = sending;
      return { sending: others };
    });
    void loadOwnData();
  }
}

export async function rename(view: OwnDataView, title: string): Promise<void> {
  try {
    keep(await api.renameOwnData(view.id, title));
    void refreshDatasets();
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}

export async function remove(view: OwnDataView): Promise<void> {
  useOwnData.getState().sending[view.id]?.abort();
  try {
    await api.deleteOwnData(view.id);
    await loadOwnData();
    void refreshDatasets();
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}

export const toggle = (id: string) => useOwnData.setState(({ open }) => ({ open: open === id ? null : id }));

// Leaving the site would end an upload.
window.addEventListener("beforeunload", (event) => {
  if (Object.keys(useOwnData.getState().sending).length > 0) event.preventDefault();
});
