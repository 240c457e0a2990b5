import { useRef, useState } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { layerAt, paintDepthRuler } from "../../charts/depth_ruler";
import { short, whole } from "../../charts/words";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useRun } from "../../store/run";
import { depthDecades, type DepthPoint, depthPoints } from "./depth";
import { nothingYet } from "./nothing";
import { placeTip } from "./place_tip";
import { VANISHING_SHARE } from "./quantities";

const LEFT = 44;
const RIGHT = 84;

interface DepthProps {
  session: RunSession;
  view: TimeView;
  warned: ReadonlySet<string>;
  layers: readonly NamedLayer[];
}

/** The vanishing-gradient ruler: what reaches each layer, from the input on. */
export function DepthChart({ session, view, warned, layers }: DepthProps) {
  const { live } = session;
  const run = useRun((state) => state.run);
  const tip = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const points = () =>
    depthPoints(
      layers,
      layers.map((layer) => live.value("gradient_rms", layer.id, view.shown)),
    );
  const known = (live.table("steps")?.length ?? 0) > 0;
  const first = known ? points()[0] : undefined;
  return (
    <CanvasChart
      className="depth-chart"
      summary={`Gradient by depth, over that of the last layers${first ? `: ${first.layer.name} has ${short(first.measured)}` : ""}`}
      stamp={() => `${live.table("steps")?.version} ${view.shown} ${pointed} ${Array.from(warned).join()} ${layers.length}`}
      paint={(context, width, height) => {
        const now = points();
        paintDepthRuler(
          context,
          width,
          height,
          now.map(({ layer, measured, bound }) => ({ name: layer.name, measured, bound, warned: warned.has(layer.id) })),
          { decades: depthDecades(now), danger: VANISHING_SHARE, dangerName: `learns next to nothing: below 1/${whole(1 / VANISHING_SHARE)}`, left: LEFT, right: RIGHT, pointed },
        );
      }}
      onPoint={(x, y, width, height) => {
        const index = layerAt(x, layers.length, LEFT, width - LEFT - RIGHT);
        setPointed(index);
        const point = index === null ? undefined : points()[index];
        if (tip.current && point) placeTip(tip.current, depthWords(point), x, y, width, height);
        else if (tip.current) tip.current.hidden = true;
      }}
      onLeave={() => {
        setPointed(null);
        if (tip.current) tip.current.hidden = true;
      }}
    >
      {!known && <p className="panel-empty">{nothingYet(run)}</p>}
      <p className="chart-title">gradient, over that of the last layers</p>
      <div ref={tip} className="chart-tip" hidden />
    </CanvasChart>
  );
}

export function depthWords({ layer, measured, bound }: DepthPoint): string {
  const gets = Number.isFinite(measured) ? `${short(measured)} of the last layers' gradient` : "not measured";
  return `${layer.name}: ${gets}${Number.isFinite(bound) ? `; slopes allow ${short(bound)}` : ""}`;
}
