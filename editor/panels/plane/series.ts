// Errors come in two series: as each paper measured its own network, and all of them measured alike.
import type { Published } from "../../generated/types";
import type { ZooCard } from "../../net/api";

export type Series = "papers" | "alike";

export const SERIES: { value: Series; label: string }[] = [
  { value: "papers", label: "As in the papers" },
  { value: "alike", label: "Measured alike" },
];

/** The errors that were measured alike, on one centre crop; null where the network is not among them. */
export const alikeOf = (card: ZooCard): Published | null => card.single_crop;

/** The networks with the numbers of a series: costs are those of the version that was measured. */
export function inSeries(zoo: readonly ZooCard[], series: Series): readonly ZooCard[] {
  if (series === "papers") return zoo;
  return zoo.map((card) => {
    const published = alikeOf(card);
    return { ...card, published, macs: published?.macs ?? card.macs, parameters: published?.parameters ?? card.parameters };
  });
}
