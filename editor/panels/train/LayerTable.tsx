import { short, whole } from "../../charts/words";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { useRun } from "../../store/run";
import { DataTable } from "./PanelHead";
import { layerValue, type LayerQuantity, QUANTITIES, sayValue } from "./quantities";
import { spreadKeys } from "./spread";

interface TableProps {
  session: RunSession;
  view: TimeView;
  quantity: LayerQuantity;
  listed: readonly NamedLayer[];
  /** The layer whose histograms are listed in place of the layers. */
  spread: string | null;
}

/** Every quantity of every layer at the step that is shown; or the bins of one layer. */
export function LayerTable({ session, view, quantity, listed, spread }: TableProps) {
  const { live } = session;
  useBeat(1000);
  if (spread !== null) return <SpreadTable session={session} layer={spread} />;
  const [first, ...others] = [quantity, ...QUANTITIES.filter((one) => one.of === quantity.of && one !== quantity)];
  const columns = [first, ...others.filter((one) => listed.some((layer) => live.series(one.id, layer.id)))] as LayerQuantity[];
  const weighted = quantity.of === "weighted";
  const rows = listed.map((layer) => [
    layer.name,
    ...columns.map((one) => (live.series(one.id, layer.id) ? sayValue(one, layerValue(one, live, layer, view.shown)) : "–")),
    weighted ? short(layer.slope_bound ?? Number.NaN) : short(layer.steepest ?? Number.NaN),
    whole(weighted ? layer.parameters : (layer.shape[0] ?? 0)),
  ]);
  const head = ["Layer", ...columns.map((one) => one.name), weighted ? "Slopes allow" : "Steepest slope", weighted ? "Parameters" : "Units"];
  return <DataTable caption={`${quantity.name} by layer`} head={head} rows={rows} />;
}

function SpreadTable({ session, layer }: { session: RunSession; layer: string }) {
  const { activated } = useRun((state) => state.layers);
  const rows = spreadKeys(layer, activated).flatMap(({ title, key }) => {
    const bins = key === null ? undefined : session.inside.histograms.get(key);
    if (!bins) return [];
    const edge = (index: number) => short((bins.first + index) * bins.width);
    return [
      ...(bins.below > 0 ? [[title, "", edge(0), whole(bins.below)]] : []),
      ...Array.from(bins.counts, (count, index) => [title, edge(index), edge(index + 1), whole(count)]),
      ...(bins.above > 0 ? [[title, edge(bins.bins), "", whole(bins.above)]] : []),
    ];
  });
  return <DataTable caption="Histograms" head={["Values", "From", "To, not counted", "Count"]} rows={rows} />;
}
