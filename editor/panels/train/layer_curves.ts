/** Curves of a few layers' values over the steps. */
import { rowAt } from "../../charts/band";
import type { LineChartOptions } from "../../charts/line_chart";
import type { Line } from "../../charts/line_picture";
import { remembered } from "../../charts/remember";
import { smooth } from "../../charts/scale";
import { joinedBySteps, type Sheet } from "../../charts/sheet";
import { whole } from "../../charts/words";
import type { LiveRun } from "../../live/live_run";
import { type NamedLayer, tellingLayers } from "../../live/layers";
import type { TimeView } from "../../live/view";
import { airy, smoothMagnitude } from "./curves";
import { layerLine, type LayerQuantity, sayBeside, sayTick } from "./quantities";

/** The strip and the curves have their steps one above the other. */
export const LEFT = 92;
export const RIGHT = 84;

const LOOKS: Pick<Line, "token" | "dash">[] = [
  { token: "series-1" },
  { token: "series-2", dash: [5, 3] },
  { token: "series-3", dash: [6, 3] },
  { token: "series-4", dash: [2, 3] },
  { token: "ink-3", dash: [8, 3, 2, 3] },
];

/** Drawn as curves: of activations those behind the chosen layers; a telling few where none is chosen. */
export function pickedLayers(listed: readonly NamedLayer[], curves: readonly string[]): NamedLayer[] {
  const picked = listed.filter((layer) => curves.includes(layer.feeder ?? layer.id));
  if (picked.length > 0) return picked;
  const telling = tellingLayers(listed);
  return listed.filter((layer) => telling.includes(layer.id));
}

export function axisOptions(quantity: LayerQuantity): LineChartOptions {
  return {
    title: quantity.title,
    format: (value) => sayBeside(quantity, value),
    tick: (value) => sayTick(quantity, value),
    fit: fitOf(quantity),
    left: LEFT,
    right: RIGHT,
  };
}

/** Whole decades; a share from 0 to a little over what is there, so that small shares are seen. */
function fitOf({ scale }: LayerQuantity): LineChartOptions["fit"] {
  if (scale === "log") return (low, high) => [10 ** Math.floor(Math.log10(low) - 0.05), 10 ** Math.ceil(Math.log10(high) + 0.05)];
  if (scale === "share") return (_, high) => [0, [0.02, 0.05, 0.1, 0.25, 0.5].find((end) => high <= 0.9 * end) ?? 1];
  return (low, high) => airy(low, high, false);
}

export function curvesOf(quantity: LayerQuantity, picked: readonly NamedLayer[], warned: ReadonlySet<string>, smoothing: number, view: TimeView): Line[] {
  const span = view.range[1] - view.range[0];
  return picked.slice(0, LOOKS.length).map((layer, index) => {
    const series = view.series(quantity.id, layer.id);
    const make = () => {
      const line = layerLine(quantity, series, layer);
      const soft = quantity.scale === "log" ? smoothMagnitude(line, smoothing, span) : { steps: line.steps, values: smoothing > 0 ? smooth(line.steps, line.values, smoothing, span) : line.values };
      return { line, soft };
    };
    const { line, soft } = series ? remembered(series.table, `curve ${quantity.id} ${layer.id}`, `${smoothing} ${span}`, make) : make();
    const at = view.line === null ? {} : { shown: soft.values[rowAt(soft.steps, view.line)] ?? Number.NaN };
    return { label: layer.name, ...(LOOKS[index] as (typeof LOOKS)[number]), width: warned.has(layer.id) ? 2.25 : 1.4, ...soft, ...at, ...(smoothing > 0 ? { raw: line } : {}) };
  });
}

/** The quantity of every layer, a row for each step. */
export function layersSheet(quantity: LayerQuantity, live: LiveRun, listed: readonly NamedLayer[]): Sheet | null {
  const lines = listed.map((layer) => layerLine(quantity, live.series(quantity.id, layer.id), layer));
  if (lines.every((line) => line.steps.length === 0)) return null;
  return {
    title: `${quantity.name} by step`,
    columns: [{ head: "Step", say: whole }, ...listed.map((layer) => ({ head: layer.name, say: (value: number) => sayBeside(quantity, value) }))],
    rows: joinedBySteps(lines),
  };
}
