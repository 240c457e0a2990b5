// Networks of the zoo for images that are not theirs: how a scaled one is called, and the offer to scale.
import type { Dataset, ZooView } from "../generated/types";
import { navigate, paths } from "../routes";
import { selectDataset, selectTitle, useCatalogue } from "./catalogue";
import { dismissToast, toast } from "./ui";

type Sized = Pick<Dataset, "channels" | "height" | "width">;

const titleOf = (dataset: string) => selectTitle(dataset)(useCatalogue.getState());

/** "AlexNet for MNIST" where something was changed, else the network's own title. */
export const draftName = ({ title, dataset, changed }: Pick<ZooView, "title" | "dataset" | "changed">): string => (changed ? `${title} for ${titleOf(dataset)}` : title);

/** What a document takes, from its input block; null where it has none. */
export function imageOf(network: Record<string, unknown>): Sized | null {
  const nodes = Array.isArray(network.nodes) ? (network.nodes as { block?: string; params?: Record<string, unknown> }[]) : [];
  const { channels, height, width } = nodes.find((node) => node.block === "input")?.params ?? {};
  return typeof channels === "number" && typeof height === "number" && typeof width === "number" ? { channels, height, width } : null;
}

/** As people write it: 227×227×3. */
export const sizeOf = ({ channels, height, width }: Sized): string => `${height}×${width}×${channels}`;

/**
 * A network as published that does not fit the images it would be trained on: say so, and offer its scaled version as one
 * press. Returns how to take the offer back.
 */
export function offerScaled({ name, title, dataset, network }: Pick<ZooView, "name" | "title" | "dataset" | "network">): () => void {
  const images = selectDataset(dataset)(useCatalogue.getState())?.dataset;
  const own = imageOf(network);
  if (!images || !own || sizeOf(own) === sizeOf(images)) return () => undefined;
  const id = toast(`${title} as published takes images of ${sizeOf(own)}; those of ${images.title} are ${sizeOf(images)}.`, {
    stays: true,
    action: { label: `Open it scaled for ${images.title}`, onPress: () => navigate(paths.draft(name, dataset)) },
  });
  return () => dismissToast(id);
}
