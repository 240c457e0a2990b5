/** From a layer's values to the colours of the strip. */
import type { StripScale } from "../../charts/heat_strip";
import type { LiveRun } from "../../live/live_run";
import type { NamedLayer } from "../../live/layers";
import { colourShare, layerLine, type LayerQuantity, roundUp } from "./quantities";

/** End of a linear scale: a round number that no layer's value has exceeded. */
export function linearEnd(quantity: LayerQuantity, live: LiveRun, listed: readonly NamedLayer[]): number {
  let most = 0;
  for (const layer of listed) {
    for (const value of layerLine(quantity, live.series(quantity.id, layer.id), layer).values) {
      const size = Math.abs(value);
      if (size > most && Number.isFinite(size)) most = size;
    }
  }
  return roundUp(most);
}

export function stripScale(quantity: LayerQuantity, live: LiveRun, listed: readonly NamedLayer[]): StripScale {
  const most = quantity.scale === "linear" ? linearEnd(quantity, live, listed) : 1;
  return { key: `${quantity.id} ${most}`, log: quantity.scale === "log", share: (value) => colourShare(quantity, value, most) };
}
