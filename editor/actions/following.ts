import type { Network, Node } from "../generated/types";
import { addAfter, type Outcome, remove } from "./edit";

export interface Followers {
  norm: Node | null;
  activation: Node | null;
}

/** The normalisation and the activation that follow a block alone, one after the other. */
export function followersOf(network: Network, id: string, family: (block: string) => string): Followers {
  const found: Followers = { norm: null, activation: null };
  let at = id;
  for (let step = 0; step < 3; step += 1) {
    const out = network.edges.filter((edge) => edge.source === at);
    const next = out.length === 1 ? network.nodes.find((node) => node.id === out[0]?.target) : undefined;
    if (!next || found.activation) break;
    if (family(next.block) === "activation") found.activation = next;
    else if (next.block === "batch_norm" && !found.norm) found.norm = next;
    else break;
    at = next.id;
  }
  return found;
}

/** Put, change or take away what follows: the normalisation comes before the activation. */
export function follow(network: Network, id: string, role: keyof Followers, block: string | null, family: (block: string) => string): Outcome {
  const followers = followersOf(network, id, family);
  const present = followers[role];
  if (present && block === null) return keepChosen(remove(network, [present.id]), id);
  if (present) {
    const nodes = network.nodes.map((node) => (node === present ? { ...node, block: block ?? node.block, label: null, params: {} } : node));
    return present.block === block ? null : { network: { ...network, nodes }, select: [id] };
  }
  if (block === null) return null;
  const after = role === "activation" ? (followers.norm?.id ?? id) : id;
  const { network: made, select } = addAfter(network, after, block, false);
  const stage = network.nodes.find((node) => node.id === id)?.stage ?? null;
  const nodes = made.nodes.map((node) => (node.id === select?.[0] ? { ...node, stage } : node)); // it is drawn on the block
  return keepChosen({ network: { ...made, nodes } }, id);
}

const keepChosen = (outcome: Outcome, id: string): Outcome => outcome && { ...outcome, select: [id] };
