/** What can be shown of each layer: how it is scaled and said, and from where on it is a bad sign. */
import type { Zone } from "../../charts/line_picture";
import { DANGER_ZONES } from "../../generated/types";
import { decade, percent, powerOfTen, short, tickWords } from "../../charts/words";
import type { LiveRun, Quantity, Series } from "../../live/live_run";
import type { NamedLayer, RunLayers } from "../../live/layers";
import type { TimeView } from "../../live/view";

export interface LayerQuantity {
  id: Quantity;
  /** In the list of quantities. */
  name: string;
  /** Inside the chart, with its unit. */
  title: string;
  /** Layers that have it: those with weights, or activations. */
  of: "weighted" | "activated";
  /** log: by decades; share: 0 to 1; linear: from 0 to the largest that is there. */
  scale: "log" | "share" | "linear";
  /** Decades of the colours. */
  decades?: [low: number, high: number];
  definition: string;
}

/** Beyond what any axis shows, on a log axis too. */
const NOTHING = 1e-30;
const EVERYTHING = 1e30;

/** The limit that is a share of the last layers' gradient: vanishing. */
const VANISHING = DANGER_ZONES.find((zone) => zone.quantity === "gradient_rms" && zone.last_part !== null);
/** 4: the last layers are the last quarter. */
const LAST_PART = VANISHING?.last_part ?? 4;
/** First layers' gradient below this share of the last layers'. */
export const VANISHING_SHARE = VANISHING?.high ?? 0;

export const QUANTITIES: readonly LayerQuantity[] = [
  {
    id: "gradient_rms",
    name: "Gradient, RMS",
    title: "root mean square of dL/dW",
    of: "weighted",
    scale: "log",
    decades: [-6, 0],
    definition:
      "Gradient magnitude of a layer: root mean square of dL/dW over its weights, so that layers of different size compare.",
  },
  {
    id: "gradient_mean",
    name: "Gradient, mean",
    title: "mean of |dL/dW|",
    of: "weighted",
    scale: "log",
    decades: [-6, 0],
    definition: "Mean of |dL/dW| over a layer's weights. Where it lies far below the root mean square, few weights have most of the gradient.",
  },
  {
    id: "gradient_l2",
    name: "Gradient, L2",
    title: "L2 norm of dL/dW",
    of: "weighted",
    scale: "log",
    decades: [-5, 1],
    definition: "Length of a layer's gradient: root of the sum of squares of dL/dW over its weights. It grows with the number of weights.",
  },
  {
    id: "weight_l2",
    name: "Weight norm",
    title: "L2 norm of W",
    of: "weighted",
    scale: "log",
    decades: [-2, 2],
    definition: "Length of a layer's weights before the step, biases left out: root of the sum of their squares.",
  },
  {
    id: "update_ratio",
    name: "Update ratio",
    title: "L2 of the step over L2 of W",
    of: "weighted",
    scale: "log",
    decades: [-6, 0],
    definition: "How far one step moves a layer's weights, compared with their length; measured, so right for every optimiser. About 0.001 is healthy.",
  },
  {
    id: "zero_fraction",
    name: "Zeros",
    title: "share of zeros, %",
    of: "activated",
    scale: "share",
    definition:
      "Share of a rectifier's outputs for the latest batch that are not above zero: what a ReLU stops, and leaky ReLU, swish and step weaken. About half with fresh weights.",
  },
  {
    id: "dead",
    name: "Dead share",
    title: "dead units, %",
    of: "activated",
    scale: "share",
    definition: "Share of a ReLU's units (channels of a convolution) that gave zero for every training image of the last whole window of steps.",
  },
  {
    id: "saturated",
    name: "Saturated",
    title: "saturated outputs, %",
    of: "activated",
    scale: "share",
    definition: "Share of a sigmoid's or tanh's outputs for the latest batch within 1% of the end of its range, where its slope is close to zero.",
  },
  {
    id: "activation_mean",
    name: "Activation, mean",
    title: "mean of the outputs",
    of: "activated",
    scale: "linear",
    definition: "Mean of an activation's outputs over the first 32 images of the latest batch. The strip is coloured by its size, whatever its sign.",
  },
  {
    id: "activation_std",
    name: "Activation, deviation",
    title: "standard deviation of the outputs",
    of: "activated",
    scale: "log",
    decades: [-3, 1],
    definition: "Standard deviation of an activation's outputs over the first 32 images of the latest batch: near zero all images look alike behind it.",
  },
];

export const quantityOf = (id: Quantity): LayerQuantity => QUANTITIES.find((known) => known.id === id) ?? (QUANTITIES[0] as LayerQuantity);

/** The layers of a run that have it, from the input on. */
export function layersWith(quantity: LayerQuantity, live: LiveRun, layers: RunLayers): NamedLayer[] {
  return layers[quantity.of].filter((layer) => live.series(quantity.id, layer.id) !== null);
}

/** What the run measures of this is divided by it: of the dead a count is sent, a share is shown. */
export const divisor = (quantity: LayerQuantity, layer: NamedLayer): number => (quantity.id === "dead" ? Math.max(1, layer.units) : 1);

export function layerValue(quantity: LayerQuantity, live: LiveRun, layer: NamedLayer, step = Number.POSITIVE_INFINITY): number {
  return live.value(quantity.id, layer.id, step) / divisor(quantity, layer);
}

/** Beside the lines: at the hairline, else at the end of what is shown. */
export const shownValue = (quantity: LayerQuantity, view: TimeView, layer: NamedLayer): number => view.value(quantity.id, layer.id) / divisor(quantity, layer);

/** Steps and values of a layer, for a line. */
export function layerLine(quantity: LayerQuantity, series: Series | null, layer: NamedLayer): { steps: Float64Array; values: Float32Array } {
  if (!series) return { steps: new Float64Array(0), values: new Float32Array(0) };
  const values = series.table.column(series.column);
  const by = divisor(quantity, layer);
  return { steps: series.table.steps, values: by === 1 ? values : values.map((value) => value / by) };
}

/** A value beside its row: an exponent, a percentage or the number. */
export function sayBeside(quantity: LayerQuantity, value: number): string {
  if (quantity.scale === "log") return decade(value);
  if (quantity.scale === "share") return percent(value, 0);
  return Number.isNaN(value) ? "–" : short(value);
}

/** A value in full. */
export const sayValue = (quantity: LayerQuantity, value: number): string => {
  if (Number.isNaN(value)) return "not measured";
  return quantity.scale === "share" ? percent(value) : short(value);
};

/** A value at the axis. */
export function sayTick(quantity: LayerQuantity, value: number): string {
  if (quantity.scale === "log") return powerOfTen(value);
  return quantity.scale === "share" ? String(Number((100 * value).toPrecision(4))) : tickWords(value);
}

/** 0 to 1 on the ramp: zero meets the page. `most` is the end of a linear scale. */
export function colourShare(quantity: LayerQuantity, value: number, most: number): number {
  const [low, high] = quantity.decades ?? [0, 1];
  if (quantity.scale === "log") return value > 0 ? inside((Math.log10(value) - low) / (high - low)) : 0;
  return inside(quantity.scale === "share" ? value : Math.abs(value) / most);
}

const inside = (share: number): number => Math.max(0, Math.min(1, share));

/** The ends of the colour scale, in words. */
export function scaleEnds(quantity: LayerQuantity, most: number): [string, string] {
  if (quantity.scale === "share") return ["0", "100%"];
  if (quantity.scale === "linear") return ["0", tickWords(most)];
  const [low, high] = quantity.decades ?? [0, 1];
  return [powerOfTen(10 ** low), powerOfTen(10 ** high)];
}

/** A round number that no value of a linear quantity exceeds. */
export function roundUp(largest: number): number {
  if (!(largest > 0) || !Number.isFinite(largest)) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return ([1, 2, 5, 10].find((factor) => factor * power >= largest * (1 - 1e-9)) ?? 10) * power;
}

/** Level of the last layers, of a quarter of them or of another part: the geometric mean, so that no single layer speaks for all. */
export function lastLevel(values: readonly number[], part = LAST_PART): number {
  const known = values.filter((value) => value > 0 && Number.isFinite(value));
  const last = known.slice(-Math.max(1, Math.floor(known.length / part)));
  return last.length === 0 ? Number.NaN : Math.exp(last.reduce((sum, value) => sum + Math.log(value), 0) / last.length);
}

/** Parts of a quantity's chart that are a bad sign; `values` are those of all its layers now, from the input on. */
export function zonesOf(quantity: Quantity, values: () => readonly number[]): Zone[] {
  return DANGER_ZONES.filter((zone) => zone.quantity === quantity).flatMap(({ low, high, last_part: part, name }) => {
    const unit = part === null ? 1 : lastLevel(values(), part);
    return unit > 0 ? [{ from: low === null ? NOTHING : low * unit, to: high === null ? EVERYTHING : high * unit, name }] : [];
  });
}
