import { useMemo, useState } from "react";
import { rampCss } from "../../charts/ramp";
import { StepChart } from "../../charts/StepChart";
import type { Quantity } from "../../live/live_run";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { useRun } from "../../store/run";
import { shownTheme, useUi } from "../../store/ui";
import { Select } from "../../ui/Select";
import { flagSteps } from "./curves";
import { axisOptions, curvesOf, layersSheet, pickedLayers } from "./layer_curves";
import { LayerStrip } from "./LayerStrip";
import { nothingYet } from "./nothing";
import { PanelHead } from "./PanelHead";
import { layersWith, type LayerQuantity, QUANTITIES, quantityOf, scaleEnds, shownValue, zonesOf } from "./quantities";
import { linearEnd } from "./strip_scale";
import { lazily, usePrefetch } from "../../ui/lazily";

const LayerTable = lazily(() => import("./LayerTable").then((module) => module.LayerTable));
const SpreadChart = lazily(() => import("./SpreadChart").then((module) => module.SpreadChart));
const DepthChart = lazily(() => import("./DepthChart").then((module) => module.DepthChart));
const LOWER_PARTS = [SpreadChart, DepthChart, LayerTable];

/** What stands under the strip: curves over the steps, the gradient by depth, or how values are spread. */
export type Lower = "steps" | "depth" | "spread";

const LOWER: { value: Lower; label: string; help: string }[] = [
  { value: "steps", label: "steps", help: "Curves of the chosen layers; press a row of the strip to choose" },
  { value: "depth", label: "depth", help: "The gradient of every layer from the input on, beside what the slopes of the activations allow" },
  { value: "spread", label: "spread", help: "Histograms of one layer's activations, weights and gradients, now and at the start" },
];

interface PanelProps {
  session: RunSession;
  view: TimeView;
  /** Layers a notice is about. */
  warned: ReadonlySet<string>;
}

/** A quantity of every layer as a heat strip; below it curves, the ruler of depth, or histograms. */
export function LayersPanel({ session, view, warned }: PanelProps) {
  usePrefetch(LOWER_PARTS);
  const { live } = session;
  const layers = useRun((state) => state.layers);
  const curves = useRun((state) => state.curves);
  const smoothing = useRun((state) => state.smoothing);
  const run = useRun((state) => state.run);
  const [asked, setAsked] = useState<Quantity>("gradient_rms");
  const [lower, setLower] = useState<Lower>("steps");
  const [focus, setFocus] = useState<string | null>(null);
  const [table, setTable] = useState(false);
  const offered = useMemo(() => QUANTITIES.filter((one) => layersWith(one, live, layers).length > 0), [live, layers]);
  const quantity = offered.find((one) => one.id === asked) ?? quantityOf("gradient_rms");
  const listed = useMemo(() => layersWith(quantity, live, layers), [quantity, live, layers]);
  const picked = useMemo(() => pickedLayers(listed, curves), [listed, curves]);
  const stamp = () =>
    `${quantity.id} ${live.table("steps")?.version} ${live.table("layers")?.version} ${live.lastStep} ${smoothing} ${curves.join()} ${Array.from(warned).join()} ${live.events.length}`;
  const values = () => listed.map((layer) => shownValue(quantity, view, layer));
  return (
    <section className="chart-panel layers-panel" aria-label="Layers">
      <PanelHead title="Layers" definition={quantity.definition} table={table} onTable={setTable} sheet={() => layersSheet(quantity, live, listed)}>
        <Select
          aria-label="Quantity"
          className="quantity-select"
          value={quantity.id}
          options={(offered.length > 0 ? offered : [quantity]).map((one) => ({ value: one.id, label: one.name, help: one.definition }))}
          onChoose={(id) => setAsked(id as Quantity)}
        />
        <RangeSwitch view={view} />
      </PanelHead>
      {table ? (
        <LayerTable session={session} view={view} quantity={quantity} listed={listed} spread={lower === "spread" ? (focus ?? listed[0]?.id ?? null) : null} />
      ) : (
        <div className="layers-charts">
          <LayerStrip session={session} view={view} warned={warned} quantity={quantity} listed={listed} stamp={stamp} onPress={(layer) => setFocus(layer.feeder ?? layer.id)} />
          <div className="layers-between">
            <Scale session={session} quantity={quantity} listed={listed} brief={lower === "spread"} />
            <span className="layers-space" />
            {lower === "spread" && <FocusSelect layers={layers.weighted} focus={focus} onFocus={setFocus} />}
            <span className="switch" role="group" aria-label="Below the strip">
              {LOWER.map((one) => (
                <button key={one.value} type="button" aria-pressed={lower === one.value} title={one.help} onClick={() => setLower(one.value)}>
                  {one.label}
                </button>
              ))}
            </span>
          </div>
          {lower === "steps" && (
            <StepChart
              key={quantity.id}
              view={view}
              options={axisOptions(quantity)}
              summary={`${quantity.name} of ${picked.map((layer) => layer.name).join(", ")}, by step`}
              stamp={stamp}
              empty={() => ((live.table("steps")?.length ?? 0) === 0 ? nothingYet(run) : null)}
              picture={() => ({
                range: view.range,
                lines: curvesOf(quantity, picked, warned, smoothing, view),
                log: quantity.scale === "log",
                zones: zonesOf(quantity.id, values),
                flags: flagSteps(live),
                now: live.lastStep,
              })}
            />
          )}
          {lower === "depth" && <DepthChart session={session} view={view} warned={warned} layers={layers.weighted} />}
          {lower === "spread" && <SpreadChart session={session} layer={focus ?? layers.weighted[0]?.id ?? null} />}
        </div>
      )}
    </section>
  );
}

function FocusSelect({ layers, focus, onFocus }: { layers: readonly NamedLayer[]; focus: string | null; onFocus: (layer: string) => void }) {
  const first = layers[0]?.id ?? "";
  return (
    <Select
      aria-label="Layer of the histograms"
      className="focus-select"
      value={focus ?? first}
      options={layers.map((layer) => ({ value: layer.id, label: layer.name }))}
      onChoose={onFocus}
    />
  );
}

/** The colours and what they mean. */
function Scale({ session, quantity, listed, brief }: { session: RunSession; quantity: LayerQuantity; listed: readonly NamedLayer[]; brief: boolean }) {
  const dark = useUi((state) => shownTheme(state.theme) === "dark");
  useBeat(1000);
  const ramp = useMemo(() => `linear-gradient(90deg, ${Array.from({ length: 12 }, (_, index) => rampCss(index / 11, dark)).join(", ")})`, [dark]);
  const [low, high] = scaleEnds(quantity, quantity.scale === "linear" ? linearEnd(quantity, session.live, listed) : 1);
  return (
    <span className="layers-scale" title={quantity.scale === "log" ? "The strip's colours; the numbers beside it are log₁₀ of the value" : "The strip's colours"}>
      <span className="number">{low}</span>
      <i className="ramp" style={{ background: ramp }} />
      <span className="number">{high}</span>
      {quantity.scale === "log" && !brief && <span className="layers-log">log₁₀</span>}
    </span>
  );
}

/** How far the step axis of all charts reaches. */
function RangeSwitch({ view }: { view: TimeView }) {
  useBeat(250);
  return (
    <span className="switch" role="group" aria-label="Steps shown">
      {view.zoom ? (
        <button type="button" title="Escape, or press a chart twice" onClick={() => view.set({ zoom: null })}>
          show all steps
        </button>
      ) : (
        <button type="button" aria-pressed={view.whole} title="The axis of all charts reaches to where the run will end" onClick={() => view.set({ whole: !view.whole })}>
          whole run
        </button>
      )}
    </span>
  );
}
