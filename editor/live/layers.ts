/** The layers of a run as the charts list them: always from the input on, each with a name that no other has. */
import type { Column, LayerInfo, Network, Started } from "../generated/types";

export interface NamedLayer extends LayerInfo {
  name: string;
  /** Of an activation: the layer with weights that feeds it. */
  feeder?: string;
}

const letter = (index: number): string => (index < 26 ? String.fromCharCode(97 + index) : String(index + 1));

/** Names in the given order; those that occur twice get a letter: "Conv 3×3 a", "Conv 3×3 b". */
export function distinct(names: readonly string[]): string[] {
  const total = new Map<string, number>();
  for (const name of names) total.set(name, (total.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return names.map((name) => {
    if (total.get(name) === 1) return name;
    const index = seen.get(name) ?? 0;
    seen.set(name, index + 1);
    return `${name} ${letter(index)}`;
  });
}

export interface RunLayers {
  all: NamedLayer[];
  /** With weights whose gradients are measured. Batch norm's scale and shift are left out: with them half of a list would be norms. */
  weighted: NamedLayer[];
  /** Whose units can die, named after the layer that feeds them: people know "Conv 3×3 b", not its ReLU. */
  rectified: NamedLayer[];
  /** The activations whose outputs are measured, named in the same way. */
  activated: NamedLayer[];
}

const SKIPPED = new Set(["batch_norm", "dropout", "local_response_norm"]);

/** The layer with weights that feeds an activation, over layers that only scale. */
function feeder(layer: LayerInfo, layers: LayerInfo[], network: Network): LayerInfo | null {
  const inside = layer.id.includes("/");
  let at = layer;
  for (let hops = 0; hops < 4; hops += 1) {
    const source = inside ? layers[layers.findIndex((known) => known.id === at.id) - 1] : before(at.node, layers, network);
    if (!source || (inside && source.node !== layer.node)) return null;
    if (source.parameters > 0 && !SKIPPED.has(source.block)) return source;
    if (!SKIPPED.has(source.block)) return null;
    at = source;
  }
  return null;
}

function before(node: string, layers: LayerInfo[], network: Network): LayerInfo | undefined {
  const sources = network.edges.filter((edge) => edge.target === node).map((edge) => edge.source);
  return sources.length === 1 ? layers.findLast((layer) => layer.node === sources[0]) : undefined;
}

export function runLayers(started: Started | null, network: Network): RunLayers {
  const layers = started?.layers ?? [];
  const names = distinct(layers.map((layer) => layer.label));
  const all = layers.map((layer, index) => ({ ...layer, name: names[index] as string }));
  const measured = (quantity: Column["quantity"]) =>
    new Set((started?.streams ?? []).flatMap((stream) => stream.columns).flatMap((column) => (column.quantity === quantity ? [column.layer] : [])));
  const [withGradient, withMean] = [measured("gradient_rms"), measured("activation_mean")];
  const afterFeeders = (chosen: NamedLayer[]): NamedLayer[] => {
    const feeders = chosen.map((layer) => (layer.parameters > 0 ? layer : feeder(layer, layers, network))?.id);
    const fed = distinct(chosen.map((layer, index) => all.find((known) => known.id === feeders[index])?.name ?? layer.name));
    return chosen.map((layer, index) => ({ ...layer, name: fed[index] as string, ...(feeders[index] === undefined ? {} : { feeder: feeders[index] }) }));
  };
  return {
    all,
    weighted: all.filter((layer) => withGradient.has(layer.id) && layer.block !== "batch_norm"),
    rectified: afterFeeders(all.filter((layer) => layer.units > 0)),
    activated: afterFeeders(all.filter((layer) => withMean.has(layer.id))),
  };
}

/** A few layers that tell the story: the first, the last, and what lies evenly between. */
export function tellingLayers(layers: readonly NamedLayer[], count = 4): string[] {
  if (layers.length <= count) return layers.map((layer) => layer.id);
  const places = Array.from({ length: count }, (_, index) => Math.round((index * (layers.length - 1)) / (count - 1)));
  return Array.from(new Set(places), (place) => (layers[place] as NamedLayer).id);
}

/** A block's name as the charts write it, alike blocks told apart; null where the run has no layer of it. */
export function blockName(layers: readonly NamedLayer[], node: string): string | null {
  const own = layers.filter((layer) => layer.node === node);
  const [first] = own;
  if (!first) return null;
  return own.length === 1 && first.id === node ? first.name : first.label.slice(0, Math.max(0, first.label.lastIndexOf(" · "))) || first.name;
}
