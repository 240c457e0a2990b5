import { useReactFlow, useStore as useFlowStore, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { IconButton } from "../ui/Button";

/** Zoom out, the zoom, zoom in, fit. */
export function Zoom({ onFit }: { onFit: () => void }) {
  const flow = useReactFlow();
  const percent = useFlowStore((state) => Math.round(state.transform[2] * 100));
  return (
    <div className="zoom" role="group" aria-label="Zoom">
      <IconButton label="Zoom out" hint="−" icon="minus" size="small" onClick={() => void flow.zoomOut()} />
      <button type="button" className="zoom-value number" title="Full size" aria-label={`Zoom ${percent} percent; full size`} onClick={() => void flow.zoomTo(1)}>
        {percent}%
      </button>
      <IconButton label="Zoom in" hint="+" icon="plus" size="small" onClick={() => void flow.zoomIn()} />
      <IconButton label="Fit to window" hint="0" icon="fit" size="small" onClick={onFit} />
    </div>
  );
}

/** Far: slabs only. Middle: names. Near: names, shapes and faces. */
export const detailAt = (zoom: number): "far" | "middle" | "near" => (zoom < 0.42 ? "far" : zoom < 0.7 ? "middle" : "near");

/** Writes the zoom's level of detail and the inverse scale of words on the figure's root, past React. */
export function Detail({ root }: { root: React.RefObject<HTMLElement | null> }) {
  const store = useStoreApi();
  useEffect(() => {
    const write = (zoom: number) => {
      const element = root.current;
      if (!element) return;
      element.dataset.detail = detailAt(zoom);
      element.style.setProperty("--unscale", String(zoom < 1 ? 1 / zoom : Math.max(1 / zoom, 1 - (zoom - 1) * 0.4)));
    };
    let last = store.getState().transform[2];
    write(last);
    return store.subscribe((state) => {
      if (state.transform[2] === last) return;
      last = state.transform[2];
      write(last);
    });
  }, [store, root]);
  return null;
}
