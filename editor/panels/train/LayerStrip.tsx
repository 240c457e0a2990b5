import { useRef } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { paintFlagLines } from "../../charts/flags";
import { HeatStrip, type StripRow } from "../../charts/heat_strip";
import { placeLine } from "../../charts/StepChart";
import { useTimeAxis } from "../../charts/use_time_axis";
import { whole } from "../../charts/words";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { toggleCurve, useRun } from "../../store/run";
import { flagSteps } from "./curves";
import { LEFT, RIGHT } from "./layer_curves";
import { placeTip } from "./place_tip";
import { divisor, type LayerQuantity, sayBeside, sayValue, shownValue } from "./quantities";
import { stripScale } from "./strip_scale";

interface StripProps {
  session: RunSession;
  view: TimeView;
  warned: ReadonlySet<string>;
  quantity: LayerQuantity;
  listed: readonly NamedLayer[];
  stamp: () => string;
  onPress: (layer: NamedLayer) => void;
}

/** All layers by time, from the input down. The row under the pointer names itself; a press draws its curve, a drag zooms. */
export function LayerStrip({ session, view, warned, quantity, listed, stamp, onPress }: StripProps) {
  const { live } = session;
  const curves = useRun((state) => state.curves);
  const hair = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const strip = useRef(new HeatStrip());
  const size = useRef({ width: LEFT + RIGHT + 1, height: 1 });
  const curveOf = (layer: NamedLayer) => layer.feeder ?? layer.id;
  const rows = (): StripRow[] =>
    listed.map((layer) => ({
      name: layer.name,
      series: view.series(quantity.id, layer.id),
      by: divisor(quantity, layer),
      beside: sayBeside(quantity, shownValue(quantity, view, layer)),
      chosen: curves.includes(curveOf(layer)),
      warned: warned.has(layer.id),
    }));
  const layerAt = (y: number, height: number) => listed[Math.max(0, Math.min(listed.length - 1, Math.floor((y / height) * listed.length)))];
  const point = (place: { x: number; y: number } | null) => {
    const layer = place && layerAt(place.y, size.current.height);
    if (!tip.current) return;
    if (!place || !layer) {
      tip.current.hidden = true;
      return;
    }
    const at = view.hover === null ? "" : ` at step ${whole(view.hover)}`;
    placeTip(tip.current, `${layer.name}: ${sayValue(quantity, shownValue(quantity, view, layer))}${at}`, place.x, place.y, size.current.width, size.current.height);
  };
  const press = (layer: NamedLayer | undefined) => {
    if (!layer) return;
    toggleCurve(curveOf(layer));
    onPress(layer);
  };
  const axis = useTimeAxis({
    view,
    area: () => ({ left: LEFT, width: size.current.width - LEFT - RIGHT, top: 0, height: size.current.height }),
    onPoint: point,
    onPress: ({ y }) => press(layerAt(y, size.current.height)),
  });
  return (
    <CanvasChart
      className="heat-strip"
      summary={`${quantity.name}, ${listed.length} layers by time`}
      stamp={() => `${stamp()} ${listed.length} ${view.stamp} ${view.line ?? ""}`}
      paint={(context, width, height) => {
        size.current = { width, height };
        strip.current.paint(context, { left: LEFT, right: RIGHT, width, height }, rows(), stripScale(quantity, live, listed), view.range);
        paintFlagLines(context, { left: LEFT, right: RIGHT, width, height }, flagSteps(live), view.range);
        if (hair.current) placeLine(hair.current, view, LEFT, width - LEFT - RIGHT);
      }}
      box={{ ...axis.box, role: "group", "aria-label": `${quantity.name} of all layers` }}
    >
      <div ref={hair} className="hairline" hidden />
      {axis.brush}
      <div ref={tip} className="chart-tip" hidden />
      <ul className="unseen">
        {listed.map((layer) => (
          <li key={layer.id}>
            <label>
              <input
                type="checkbox"
                checked={curves.includes(curveOf(layer))}
                onChange={() => press(layer)}
              />
              {`Curve of ${layer.name}`}
            </label>
          </li>
        ))}
      </ul>
    </CanvasChart>
  );
}
