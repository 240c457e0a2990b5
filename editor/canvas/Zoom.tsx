import { useReactFlow, useStore as useFlowStore, useStoreApi } from "@xyflow/react";
import { useEffect } from "react";
import { IconButton } from "../ui/Button";
import { hiddenNames } from "./labels";
import type { Model } from "./model";
import type { Level } from "./names";

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

export const detailAt = (zoom: number): Level => (zoom < 0.42 ? "far" : zoom < 0.7 ? "middle" : "near");

/** Writes the zoom's level of detail and the inverse scale of words on the figure's root, past React, and hides names that would collide. */
export function Detail({ root, model }: { root: React.RefObject<HTMLElement | null>; model: Pick<Model, "pieces" | "places" | "hulls"> }) {
  const store = useStoreApi();
  useEffect(() => {
    let step = Number.NaN;
    const write = (zoom: number) => {
      const element = root.current;
      if (!element) return;
      const unscale = zoom < 1 ? 1 / zoom : Math.max(1 / zoom, 1 - (zoom - 1) * 0.4);
      element.dataset.detail = detailAt(zoom);
      element.style.setProperty("--unscale", String(unscale));
      if (Math.round(zoom * 20) === step) return;
      step = Math.round(zoom * 20);
      hideNames(element, hiddenNames(model.pieces, model.places, unscale, detailAt(zoom), model.hulls));
    };
    let last = store.getState().transform[2];
    write(last);
    return store.subscribe((state) => {
      if (state.transform[2] === last) return;
      last = state.transform[2];
      write(last);
    });
  }, [store, root, model]);
  return null;
}

function hideNames(root: HTMLElement, hidden: ReadonlySet<string>) {
  for (const node of root.querySelectorAll<HTMLElement>(".react-flow__node")) {
    node.querySelector(".block-name")?.toggleAttribute("data-hidden", hidden.has(node.dataset.id ?? ""));
  }
}
