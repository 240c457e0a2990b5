// Choosing a data set: it is part of the recipe, and it sets the input block.
import type { Network, Notice } from "../generated/types";
import { type AppState, useStore } from ".";
import { useCatalogue } from "./catalogue";
import { setRecipe } from "./experiment";
import type { Change } from "./graph";

/** Give every input block this image size; null where each has it already. */
export function setInput(network: Network, channels: number, height: number, width: number): Change | null {
  const size = { channels, height, width };
  const differs = (params: Record<string, unknown>) => Object.entries(size).some(([name, value]) => params[name] !== value);
  if (!network.nodes.some((node) => node.block === "input" && differs(node.params))) return null;
  const nodes = network.nodes.map((node) => (node.block === "input" ? { ...node, params: { ...node.params, ...size } } : node));
  return { network: { ...network, nodes } };
}

export function chooseDataset(name: string) {
  const view = useCatalogue.getState().datasets.find(({ dataset }) => dataset.name === name);
  setRecipe("dataset", name);
  if (!view) return;
  const { title, channels, height, width } = view.dataset;
  useStore.getState().edit(`set the input to ${title}`, (network) => setInput(network, channels, height, width));
}

const CLASSES = "head.E001"; // the output's size is not the number of classes

/** The finding that the end does not fit the data set's classes, if the site offers a way out of it. */
export function outputFix(state: Pick<AppState, "analysis">): Notice | null {
  return state.analysis?.notices.find((notice) => notice.id === CLASSES && notice.fix !== null) ?? null;
}
