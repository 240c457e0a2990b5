import { useRef } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { paintFlagLines } from "../../charts/flags";
import { HeatStrip, type StripRow } from "../../charts/heat_strip";
import { placeLine } from "../../charts/StepChart";
import { whole } from "../../charts/words";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { toggleCurve, useRun } from "../../store/run";
import { flagSteps } from "./curves";
import { LEFT, RIGHT } from "./layer_curves";
import { placeTip } from "./place_tip";
import { divisor, type LayerQuantity, layerValue, sayBeside, sayValue } from "./quantities";
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

/** All layers by time, from the input down. The row under the pointer names itself; a press draws its curve. */
export function LayerStrip({ session, view, warned, quantity, listed, stamp, onPress }: StripProps) {
  const { live } = session;
  const curves = useRun((state) => state.curves);
  const hair = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const strip = useRef(new HeatStrip());
  const curveOf = (layer: NamedLayer) => layer.feeder ?? layer.id;
  const rows = (): StripRow[] =>
    listed.map((layer) => ({
      name: layer.name,
      series: live.series(quantity.id, layer.id),
      by: divisor(quantity, layer),
      beside: sayBeside(quantity, layerValue(quantity, live, layer, view.shown)),
      chosen: curves.includes(curveOf(layer)),
      warned: warned.has(layer.id),
    }));
  const layerAt = (y: number, height: number) => listed[Math.max(0, Math.min(listed.length - 1, Math.floor((y / height) * listed.length)))];
  const leave = () => {
    view.set({ hover: null });
    if (tip.current) tip.current.hidden = true;
  };
  return (
    <CanvasChart
      className="heat-strip"
      summary={`${quantity.name}, ${listed.length} layers by time`}
      stamp={() => `${stamp()} ${listed.length} ${view.range.join(" ")} ${view.line ?? ""}`}
      paint={(context, width, height) => {
        strip.current.paint(context, { left: LEFT, right: RIGHT, width, height }, rows(), stripScale(quantity, live, listed), view.range);
        paintFlagLines(context, { left: LEFT, right: RIGHT, width, height }, flagSteps(live), view.range);
        if (hair.current) placeLine(hair.current, view, LEFT, width - LEFT - RIGHT);
      }}
      onPoint={(x, y, width, height) => {
        const [from, to] = view.range;
        const share = (x - LEFT) / (width - LEFT - RIGHT);
        const step = share < 0 || share > 1 ? null : from + share * (to - from);
        view.set({ hover: step });
        const layer = layerAt(y, height);
        if (!layer || !tip.current) return;
        const at = step === null ? "" : ` at step ${whole(step)}`;
        placeTip(tip.current, `${layer.name}: ${sayValue(quantity, layerValue(quantity, live, layer, view.shown))}${at}`, x, y, width, height);
      }}
      onLeave={leave}
      onPress={(_, y, __, height) => {
        const layer = layerAt(y, height);
        if (!layer) return;
        toggleCurve(curveOf(layer));
        onPress(layer);
      }}
    >
      <div ref={hair} className="hairline" hidden />
      <div ref={tip} className="chart-tip" hidden />
      <ul className="unseen">
        {listed.map((layer) => (
          <li key={layer.id}>
            <label>
              <input
                type="checkbox"
                checked={curves.includes(curveOf(layer))}
                onChange={() => {
                  toggleCurve(curveOf(layer));
                  onPress(layer);
                }}
              />
              {`Curve of ${layer.name}`}
            </label>
          </li>
        ))}
      </ul>
    </CanvasChart>
  );
}
