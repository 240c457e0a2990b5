/** Which histograms belong to a layer: its activation's outputs, its weights and their gradient. */
import { histogramKey } from "../../live/inside";
import type { NamedLayer } from "../../live/layers";

export interface SpreadKey {
  title: string;
  /** Null where there is nothing to count. */
  key: string | null;
  empty: string;
}

export function spreadKeys(layer: string | null, activated: readonly NamedLayer[]): SpreadKey[] {
  const behind = activated.find((known) => (known.feeder ?? known.id) === layer);
  const soon = "not counted yet";
  return [
    { title: "activations", key: behind ? histogramKey(behind.id, "activations") : null, empty: behind ? soon : "no activation follows" },
    { title: "weights", key: layer === null ? null : histogramKey(layer, "weights"), empty: soon },
    { title: "gradients", key: layer === null ? null : histogramKey(layer, "gradients"), empty: soon },
  ];
}
