import { useEffect, useState } from "react";
import type { ZooCard } from "../../net/api";
import { useCatalogue } from "../../store/catalogue";
import { analysisOf } from "../home/cardAnalyses";
import type { DenseShare } from "./statements";

/** How many of each network's parameters sit in dense layers, added up from the site's analyses as they come. */
export function useDenseShares(cards: readonly ZooCard[]): DenseShare[] {
  const [shares, setShares] = useState<ReadonlyMap<string, DenseShare>>(new Map());
  const blocks = useCatalogue((state) => state.block);
  useEffect(() => {
    const control = new AbortController();
    for (const card of cards) {
      analysisOf(card.network, JSON.stringify(card.network), control.signal).then(
        (analysis) => {
          if (!analysis || control.signal.aborted) return;
          const dense = Object.values(analysis.nodes).filter((node) => blocks[node.block]?.family === "dense");
          const share = { card, dense: dense.reduce((sum, node) => sum + node.parameters, 0), total: analysis.totals.parameters };
          setShares((before) => new Map(before).set(card.name, share));
        },
        () => undefined, // the bars are left out where the site does not answer
      );
    }
    return () => control.abort();
  }, [cards, blocks]);
  return cards.flatMap((card) => shares.get(card.name) ?? []);
}
