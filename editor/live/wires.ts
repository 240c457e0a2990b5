/** Which layer's gradient flows back along each wire: that of the first weights it meets on its way to the loss. */
import type { Network } from "../generated/types";
import type { NamedLayer } from "./layers";

/** For the wire into `target`: the nearest layer with weights from there on, else the nearest before it. */
export function gradientLayer(network: Network, weighted: readonly NamedLayer[], source: string, target: string): string | null {
  const forth = nearest(network, weighted, target, "forth");
  return forth ?? nearest(network, weighted, source, "back");
}

function nearest(network: Network, weighted: readonly NamedLayer[], start: string, way: "forth" | "back"): string | null {
  let ring = [start];
  const seen = new Set(ring);
  while (ring.length > 0) {
    for (const node of ring) {
      const inside = weighted.filter((layer) => layer.node === node);
      const layer = way === "forth" ? inside[0] : inside.at(-1);
      if (layer) return layer.id;
    }
    const next = network.edges.filter((edge) => ring.includes(way === "forth" ? edge.source : edge.target)).map((edge) => (way === "forth" ? edge.target : edge.source));
    ring = next.filter((node) => !seen.has(node));
    for (const node of ring) seen.add(node);
  }
  return null;
}
