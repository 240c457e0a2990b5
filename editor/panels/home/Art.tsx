import { memo, useEffect, useMemo, useRef, useState } from "react";
import type { Analysis } from "../../generated/types";
import { useCatalogue } from "../../store/catalogue";
import { lazily } from "../../ui/lazily";
import { analysisOf, knownAnalysis } from "./cardAnalyses";

const Thumbnail = lazily(() => import("../../canvas/Thumbnail").then((module) => module.Thumbnail));

/** A card's drawing of its network, made when the card comes into view; its place is kept until then. */
export const Art = memo(
  function Art({ network, ratio = 2.8 }: { network: Record<string, unknown>; ratio?: number }) {
    const ready = useCatalogue((state) => state.status === "ready");
    const box = useRef<HTMLDivElement>(null);
    const key = useMemo(() => JSON.stringify(network), [network]);
    const compact = useMemo(() => withoutPlaces(network), [network]);
    const [answer, setAnswer] = useState<{ key: string; analysis: Analysis | null } | null>(null);
    const analysis = answer?.key === key ? answer.analysis : knownAnalysis(key);
    useEffect(() => {
      const element = box.current;
      const before = knownAnalysis(key);
      if (before !== undefined) setAnswer({ key, analysis: before }); // another card's answer came since this one was drawn
      if (!element || before !== undefined) return;
      const control = new AbortController();
      const watch = new IntersectionObserver((entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        watch.disconnect();
        analysisOf(network, key, control.signal).then((analysis) => setAnswer({ key, analysis }), () => undefined);
      });
      watch.observe(element);
      return () => {
        watch.disconnect();
        control.abort();
      };
    }, [network, key]);
    return (
      <div ref={box} className="card-art" aria-hidden="true">
        {ready && analysis !== undefined && <Thumbnail network={compact} analysis={analysis} ratio={ratio} />}
      </div>
    );
  },
  (before, after) => before.ratio === after.ratio && JSON.stringify(before.network) === JSON.stringify(after.network),
);

/** A card is small: the drawing is laid out close together, whatever space the figure gives its blocks. */
function withoutPlaces(network: Record<string, unknown>): Record<string, unknown> {
  const nodes = Array.isArray(network.nodes) ? (network.nodes as Record<string, unknown>[]) : [];
  return { ...network, nodes: nodes.map((node) => ({ ...node, position: null })) };
}
