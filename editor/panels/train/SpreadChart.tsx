import { useEffect, useMemo } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { paintHistograms } from "../../charts/histogram";
import { FirstHistograms } from "../../live/first_histograms";
import type { RunSession } from "../../live/session";
import { useRun } from "../../store/run";
import { spreadKeys } from "./spread";

/** How one layer's activations, weights and gradients are spread: bars now, a dashed outline at the start. */
export function SpreadChart({ session, layer }: { session: RunSession; layer: string | null }) {
  const { live } = session;
  const layers = useRun((state) => state.layers);
  const first = useMemo(() => new FirstHistograms(session.run), [session]);
  const name = layers.weighted.find((known) => known.id === layer)?.name ?? "";
  const keys = spreadKeys(layer, layers.activated);
  useEffect(() => first.fetch(live.lastStep));
  return (
    <CanvasChart
      className="spread-chart"
      summary={`Histograms of ${name}: ${keys.map(({ title }) => title).join(", ")}; now, and at the start as a dashed line`}
      stamp={() => {
        first.fetch(live.lastStep);
        return `${layer} ${session.inside.version} ${session.still ? 1 : 0} ${first.version}`;
      }}
      paint={(context, width, height) =>
        paintHistograms(
          context,
          width,
          height,
          keys.map(({ title, key, empty }) => {
            const now = key === null ? null : (session.inside.histograms.get(key) ?? null);
            const start = key === null ? undefined : first.get(key);
            return { title, now, start: start && now && start.step < now.step ? start : null, empty };
          }),
        )
      }
    />
  );
}
