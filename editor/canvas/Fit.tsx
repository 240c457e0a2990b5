import { useEffect, useRef } from "react";
import { useStore } from "../store";
import { extent } from "./fit";
import type { Box } from "./geometry";
import type { Model } from "./model";
import { fitStage, stage } from "./stage";

/** Fit the window when another document is shown and when its first layout is known. */
export function Fit({ size, ready, arranged }: { size: { width: number; height: number }; ready: boolean; arranged: boolean }) {
  const loads = useStore((state) => state.loads);
  const analysed = useStore((state) => state.analysed !== null);
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

/**
 * Show the whole figure when a block that opens pushes some of it out of the window, and once more when it closes;
 * and whenever stages are folded or opened, for then it is laid out anew.
 */
export function FitOpened({ model }: { model: Model }) {
  const count = model.insides.size;
  const { folding } = model;
  const folded = useRef(folding);
  useEffect(() => {
    const { turned: was, ...old } = folded.current;
    const { turned: now, ...next } = folding;
    folded.current = folding;
    if (String(was) === String(now) && old.stages === next.stages && old.runs === next.runs) return;
    const frame = requestAnimationFrame(fitStage);
    return () => cancelAnimationFrame(frame);
  }, [folding]);
  const before = useRef({ count: 0, model });
  const fitted = useRef(false);
  useEffect(() => {
    const old = before.current;
    before.current = { count, model };
    if (count === old.count) return;
    const grew = count > old.count;
    const lost = !within(boxOfHulls(model)) || (within(extent(old.model)) && !within(extent(model)));
    if (grew ? !lost : !fitted.current) return;
    fitted.current = grew || count > 0;
    const frame = requestAnimationFrame(fitStage);
    return () => cancelAnimationFrame(frame);
  }, [count, model]);
  return null;
}

function boxOfHulls(model: Model): Box | null {
  const pieces = new Map([...model.pieces].filter(([id]) => model.insides.has(id)));
  return extent({ pieces, places: model.places, routes: new Map() });
}

/** The figure's window shows all of this box. */
function within(box: Box | null): boolean {
  const view = stage.root?.getBoundingClientRect();
  if (!box || !view || !stage.flow) return true;
  const { x, y, zoom } = stage.flow.getViewport();
  const seen = box.left * zoom + x >= 0 && box.right * zoom + x <= view.width;
  return seen && box.top * zoom + y >= 0 && box.bottom * zoom + y <= view.height;
}
