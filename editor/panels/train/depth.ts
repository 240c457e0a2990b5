/** The vanishing-gradient ruler: the gradient of each layer beside what the slopes of the activations alone would leave of it. */
import type { NamedLayer } from "../../live/layers";
import { lastLevel } from "./quantities";

export interface DepthPoint {
  layer: NamedLayer;
  /** Gradient magnitude over that of the last layers; NaN where it is not known. */
  measured: number;
  /** Product of the activations' largest derivatives from the loss to here; NaN in runs of older workers. */
  bound: number;
}

export function depthPoints(layers: readonly NamedLayer[], gradients: readonly number[]): DepthPoint[] {
  const level = lastLevel(gradients);
  return layers.map((layer, index) => ({
    layer,
    measured: (gradients[index] as number) / level,
    bound: layer.slope_bound ?? Number.NaN,
  }));
}

/** Decades that the ruler shows: always three down, where the danger begins, and as far as the curves go. */
export function depthDecades(points: readonly DepthPoint[]): [low: number, high: number] {
  const logs = points.flatMap(({ measured, bound }) => [measured, bound]).filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  return [Math.max(-16, Math.min(-4, Math.floor(Math.min(0, ...logs)))), Math.min(6, Math.max(1, Math.ceil(Math.max(0, ...logs))))];
}
