import { useEffect, useState } from "react";
import type { Network, NodeAnalysis, ReceptiveField } from "../generated/types";
import { api } from "../net/api";
import type { NamedLayer } from "./layers";

/** What a layer sees of the image. Layers inside composite blocks are asked for when one of them is first looked at. */
export function useLayerField(layer: NamedLayer | null, network: Network, analysis: Record<string, NodeAnalysis> | null): ReceptiveField | null {
  const [inner, setInner] = useState<ReadonlyMap<string, ReceptiveField>>(new Map());
  const own = layer ? (analysis?.[layer.id]?.receptive_field ?? inner.get(layer.id) ?? null) : null;
  const open = analysis && layer && !own && layer.id !== layer.node ? layer.node : null;
  useEffect(() => {
    if (open === null) return undefined;
    const stop = new AbortController();
    api.analyse({ ...network }, { open: [open], signal: stop.signal }).then(
      ({ nodes }) => {
        const found = (nodes[open]?.inside ?? []).flatMap((part) => (part.receptive_field ? [[part.id, part.receptive_field] as const] : []));
        if (found.length > 0) setInner((before) => new Map([...before, ...found]));
      },
      () => undefined, // the field is then not drawn; the connection chip tells that the site does not answer
    );
    return () => stop.abort();
  }, [open, network]);
  return own;
}
