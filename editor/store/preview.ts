// A changed network that is looked at and not taken: the document, its history and what is saved stay as they are.
import { create } from "zustand";
import type { Analysis, Network } from "../generated/types";
import { useStore } from ".";

export interface Preview {
  /** The notice it comes from, as numbered on the figure. */
  key: string;
  /** What taking it does: "Insert a 1×1". */
  label: string;
  network: Network;
  analysis: Analysis;
}

export const usePreview = create<{ preview: Preview | null }>()(() => ({ preview: null }));

export const showPreview = (preview: Preview) => usePreview.setState({ preview });

export function endPreview() {
  if (usePreview.getState().preview) usePreview.setState({ preview: null });
}

/** A preview speaks of the network as it is: any change of it ends the preview. Returns how to stop. */
export function watchPreview(): () => void {
  const stop = useStore.subscribe((now, before) => {
    if (now.network !== before.network) endPreview();
  });
  return () => {
    stop();
    endPreview();
  };
}

/** The network on the figure with its analysis: the previewed one, else the open one. */
export function useShown(): { network: Network; analysis: Analysis | null; previewed: boolean } {
  const network = useStore((state) => state.network);
  const analysis = useStore((state) => state.analysis);
  const preview = usePreview((state) => state.preview);
  return preview ? { network: preview.network, analysis: preview.analysis, previewed: true } : { network, analysis, previewed: false };
}
