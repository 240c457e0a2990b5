/** What can honestly be said of a run's health from its numbers. Rules as the definitions of the page state them. */
import type { LiveRun, Series } from "./live_run";
import type { NamedLayer, RunLayers } from "./layers";
import { percent, short, whole } from "../charts/words";

export interface Finding {
  id: string;
  tone: "warn" | "bad";
  title: string;
  text: string;
  /** Step where it began. */
  since: number | null;
  /** Layer it is about. */
  layer: string | null;
  /** Halving the rate is a remedy. */
  slower: boolean;
}

/** Steps a sign has to hold before it is reported. */
const HOLD = 50;
/** First layers' gradient below this share of the last layers': vanishing. Growth by its inverse: exploding. */
const FACTOR = 1e-3;
/** Dead share of a layer from which it is worth a notice. */
const DEAD_SHARE = 0.25;

export function findings(live: LiveRun, layers: RunLayers, until = Number.POSITIVE_INFINITY): Finding[] {
  const found = [brokenOff(live, layers), vanishing(live, layers.weighted, until), exploding(live, layers.weighted, until), dying(live, layers.rectified, until)];
  return found.filter((finding): finding is Finding => finding !== null);
}

function brokenOff(live: LiveRun, layers: RunLayers): Finding | null {
  const failed = live.failed;
  if (!failed) return null;
  const name = layers.all.find((layer) => layer.id === failed.layer)?.name;
  return {
    id: `failed ${failed.step}`,
    tone: "bad",
    title: `The run ended at step ${whole(failed.step)}`,
    text: [failed.message, name && !failed.message.includes(name) ? `It was seen first in ${name}.` : "", failed.hint].filter(Boolean).join(" "),
    since: failed.step,
    layer: failed.layer,
    slower: false,
  };
}

/** Gradient magnitude of several layers at a row: the geometric mean, so that no single layer hides the others. */
function together(columns: readonly Float32Array[], row: number): number {
  let sum = 0;
  for (const column of columns) {
    const value = column[row] ?? Number.NaN;
    sum += Math.log10(value > 0 ? value : 1e-30);
  }
  return 10 ** (sum / columns.length);
}

/** The gradient of the first layers has been below 1e-3 of the last layers' for 50 steps. */
function vanishing(live: LiveRun, weighted: readonly NamedLayer[], until: number): Finding | null {
  const all = weighted.map((layer) => live.series("gradient_rms", layer.id)).filter((series) => series !== null);
  const table = all[0]?.table;
  if (!table || all.length < 2) return null;
  const columns = all.map((series) => series.table.column(series.column));
  const few = Math.max(1, Math.floor(all.length / 4));
  const first = columns.slice(0, few);
  const last = columns.slice(-few);
  const end = table.rowAt(until);
  const steps = table.steps;
  let since = -1;
  for (let row = end; row >= 0; row -= 1) {
    if (!(together(first, row) < FACTOR * together(last, row))) break;
    since = steps[row] as number;
  }
  if (since < 0 || (steps[end] as number) - since < HOLD) return null;
  const share = together(first, end) / together(last, end);
  const name = (weighted[0] as NamedLayer).name;
  return {
    id: "vanishing",
    tone: "warn",
    title: `The gradient vanishes before it reaches ${name}`,
    text: `Since step ${whole(since)} it is ${short(share)} of that in ${(weighted.at(-1) as NamedLayer).name}, so the first layers hardly learn. ReLU in place of sigmoid or tanh, batch norm or a shortcut keep it alive.`,
    since,
    layer: (weighted[0] as NamedLayer).id,
    slower: false,
  };
}

/** The loss or a layer's gradient has grown a thousandfold within 50 steps. */
function exploding(live: LiveRun, weighted: readonly NamedLayer[], until: number): Finding | null {
  const loss = growth(live.series("loss"), until);
  if (loss) return exploded("The loss", loss, null);
  for (const layer of weighted) {
    const grown = growth(live.series("gradient_rms", layer.id), until);
    if (grown) return exploded(`The gradient of ${layer.name}`, grown, layer.id);
  }
  return null;
}

function exploded(what: string, { since, factor }: { since: number; factor: number }, layer: string | null): Finding {
  return {
    id: "exploding",
    tone: "warn",
    title: `${what} explodes`,
    text: `It grew ${short(factor)}-fold within ${HOLD} steps from step ${whole(since)}. A smaller rate is the first remedy.`,
    since,
    layer,
    slower: true,
  };
}

function growth(series: Series | null, until: number): { since: number; factor: number } | null {
  if (!series) return null;
  const { table, column } = series;
  const end = table.rowAt(until);
  const values = table.column(column);
  const steps = table.steps;
  let lowest = -1;
  for (let row = end; row >= 0 && (steps[end] as number) - (steps[row] as number) <= HOLD; row -= 1)
    if ((values[row] as number) > 0 && (lowest < 0 || (values[row] as number) < (values[lowest] as number))) lowest = row;
  if (lowest < 0) return null;
  const factor = (values[end] as number) / (values[lowest] as number);
  return factor >= 1 / FACTOR ? { since: steps[lowest] as number, factor } : null;
}

/** The layer with the largest dead share, where that is a quarter or more. */
function dying(live: LiveRun, rectified: readonly NamedLayer[], until: number): Finding | null {
  let worst: { layer: NamedLayer; dead: number } | null = null;
  for (const layer of rectified) {
    const dead = live.value("dead", layer.id, until);
    if (dead / layer.units >= DEAD_SHARE && (!worst || dead / layer.units > worst.dead / worst.layer.units)) worst = { layer, dead };
  }
  if (!worst) return null;
  const { layer, dead } = worst;
  const since = firstAbove(live, layer, until);
  const rate = live.events.findLast((event) => event.name === "learning_rate" && since !== null && event.step <= since && event.step > since - 300);
  const after = rate?.value ? `, after the rate went to ${short(rate.value)}` : "";
  return {
    id: `dying ${layer.id}`,
    tone: "warn",
    title: `${layer.name} is dying: ${percent(dead / layer.units, 0)} of units never fire`,
    text: `${whole(dead)} of its ${whole(layer.units)} units gave zero for every image of the last ${live.started?.dead_window ?? 100} steps${
      since === null ? "" : `; over a quarter since step ${whole(since)}${after}`
    }. A smaller rate or leaky ReLU helps.`,
    since,
    layer: layer.id,
    slower: true,
  };
}

function firstAbove(live: LiveRun, layer: NamedLayer, until: number): number | null {
  const series = live.series("dead", layer.id);
  if (!series) return null;
  const { table, column } = series;
  const values = table.column(column);
  let since: number | null = null;
  for (let row = table.rowAt(until); row >= 0; row -= 1) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    if (value / layer.units < DEAD_SHARE) break;
    since = table.steps[row] as number;
  }
  return since;
}
