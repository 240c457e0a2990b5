import { useEffect, useRef } from "react";
import { useStore } from "../store";
import type { Model } from "./model";
import { fitStage, stage } from "./stage";

/** Fit the window when another document is shown and when its first layout is known. */
export function Fit({ size, ready }: { size: { width: number; height: number }; ready: boolean }) {
  const loads = useStore((state) => state.loads);
  const analysed = useStore((state) => state.analysed !== null);
  const arranged = useStore((state) => state.network.nodes.length > 0 && state.network.nodes.every((node) => node.position));
  const done = useRef("");
  useEffect(() => {
    const key = `${loads} ${analysed} ${arranged} ${size.width} ${size.height}`;
    const first = done.current.split(" ").slice(0, 3).join(" ") !== `${loads} ${analysed} ${arranged}`;
    const mine = useStore.getState().past.length > 0;
    if (!ready || done.current === key || (mine && !first)) return;
    done.current = key;
    const frame = requestAnimationFrame(fitStage);
    return () => cancelAnimationFrame(frame);
  }, [loads, analysed, arranged, size, ready]);
  return null;
}

/** Show the whole figure when a block that opens leaves the window, and once more when it closes. */
export function FitOpened({ model }: { model: Model }) {
  const count = model.insides.size;
  const before = useRef(0);
  const fitted = useRef(false);
  useEffect(() => {
    const grew = count > before.current;
    if (count === before.current) return;
    before.current = count;
    if (grew ? !outside(model) : !fitted.current) return;
    fitted.current = grew || count > 0;
    const frame = requestAnimationFrame(fitStage);
    return () => cancelAnimationFrame(frame);
  }, [count, model]);
  return null;
}

/** An open block stands partly beyond the figure's edge. */
function outside(model: Model): boolean {
  const view = stage.root?.getBoundingClientRect();
  if (!view || !stage.flow) return false;
  const { x, y, zoom } = stage.flow.getViewport();
  return [...model.insides.keys()].some((id) => {
    const { x: left = 0, y: middle = 0 } = model.places.get(id) ?? {};
    const { w = 0, h = 0 } = model.pieces.get(id)?.size ?? {};
    return left * zoom + x < 0 || (left + w) * zoom + x > view.width || (middle - h / 2) * zoom + y < 0 || (middle + h / 2) * zoom + y > view.height;
  });
}
