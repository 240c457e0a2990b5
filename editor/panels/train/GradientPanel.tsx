import { useMemo, useRef, useState } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { type StripRow, meanMagnitude, paintHeatStrip } from "../../charts/heat_strip";
import type { Line, LineChartOptions } from "../../charts/line_chart";
import { placeLine, StepChart } from "../../charts/StepChart";
import { decade, powerOfTen, short, whole } from "../../charts/words";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { toggleCurve, useRun } from "../../store/run";
import { drawn, flagSteps, smoothMagnitude } from "./curves";
import { DEFINITIONS } from "./definitions";
import { nothingYet } from "./nothing";
import { DataTable, PanelHead } from "./PanelHead";

const LEFT = 92;
const RIGHT = 84;
/** Named on the chart as too small: a thousandth of what is usual for last layers. */
const FAINT = 1e-4;

const CURVES: LineChartOptions = {
  title: "root mean square of dL/dW",
  format: () => "",
  tick: powerOfTen,
  fit: (low, high) => [10 ** Math.floor(Math.log10(low) - 0.05), 10 ** Math.ceil(Math.log10(high) + 0.05)],
  left: LEFT,
  right: RIGHT,
};
const LOOKS: Pick<Line, "token" | "dash">[] = [
  { token: "series-1" },
  { token: "series-2", dash: [5, 3] },
  { token: "series-3", dash: [6, 3] },
  { token: "series-4", dash: [2, 3] },
  { token: "ink-3", dash: [8, 3, 2, 3] },
];

interface PanelProps {
  session: RunSession;
  view: TimeView;
  /** Layers a notice is about. */
  warned: ReadonlySet<string>;
}

/** Gradient magnitude of every layer as a heat strip, of a few as curves, in one column with one step axis. */
export function GradientPanel({ session, view, warned }: PanelProps) {
  const { live } = session;
  const weighted = useRun((state) => state.layers.weighted);
  const curves = useRun((state) => state.curves);
  const smoothing = useRun((state) => state.smoothing);
  const run = useRun((state) => state.run);
  const [table, setTable] = useState(false);
  const picked = useMemo(() => weighted.filter((layer) => curves.includes(layer.id)), [weighted, curves]);
  const stamp = () => `${live.table("steps")?.version} ${live.table("layers")?.version} ${live.lastStep} ${smoothing} ${curves.join()} ${Array.from(warned).join()} ${live.events.length}`;
  const lines = (): Line[] =>
    picked.map((layer, index) => ({
      label: layer.name,
      ...(LOOKS[index % LOOKS.length] as (typeof LOOKS)[number]),
      width: warned.has(layer.id) ? 2.25 : 1.4,
      ...smoothMagnitude(drawn(live.series("gradient_rms", layer.id)), smoothing, view.range[1] - view.range[0]),
    }));
  return (
    <section className="chart-panel" aria-label="Gradient by layer">
      <PanelHead title="Gradient by layer" definition={DEFINITIONS.gradient} fact={<>log₁₀</>} table={table} onTable={setTable}>
        <RangeSwitch view={view} />
      </PanelHead>
      {table ? (
        <GradientTable session={session} layers={weighted} />
      ) : (
        <div className="stacked-charts">
          <HeatStrip session={session} view={view} warned={warned} stamp={stamp} />
          <StepChart
            view={view}
            options={CURVES}
            summary={`Gradient magnitude on a logarithmic axis, of ${picked.map((layer) => layer.name).join(", ")}`}
            stamp={stamp}
            empty={() => ((live.table("steps")?.length ?? 0) === 0 ? nothingYet(run) : null)}
            picture={() => ({
              range: view.range,
              lines: lines(),
              log: true,
              zones: [{ from: 1e-30, to: FAINT, name: "faint below 10⁻⁴" }],
              flags: flagSteps(live),
              now: live.lastStep,
            })}
          />
        </div>
      )}
    </section>
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

interface StripProps extends PanelProps {
  stamp: () => string;
}

function HeatStrip({ session, view, warned, stamp }: StripProps) {
  const { live } = session;
  const weighted = useRun((state) => state.layers.weighted);
  const curves = useRun((state) => state.curves);
  const hair = useRef<HTMLDivElement>(null);
  const rows = (): StripRow[] =>
    weighted.map((layer) => ({
      name: layer.name,
      series: live.series("gradient_rms", layer.id),
      shown: live.value("gradient_rms", layer.id, view.shown),
      chosen: curves.includes(layer.id),
      warned: warned.has(layer.id),
    }));
  const layerAt = (y: number, height: number) => weighted[Math.max(0, Math.min(weighted.length - 1, Math.floor((y / height) * weighted.length)))];
  return (
    <CanvasChart
      className="heat-strip"
      summary={`Gradient magnitude, ${weighted.length} layers by time`}
      stamp={() => `${stamp()} ${view.range.join(" ")} ${view.line ?? ""}`}
      paint={(context, width, height) => {
        paintHeatStrip(context, { left: LEFT, right: RIGHT, width, height }, rows(), view.range);
        if (hair.current) placeLine(hair.current, view, LEFT, width - LEFT - RIGHT);
      }}
      onPoint={(x, _, width) => {
        const [from, to] = view.range;
        const share = (x - LEFT) / (width - LEFT - RIGHT);
        view.set({ hover: share < 0 || share > 1 ? null : from + share * (to - from) });
      }}
      onLeave={() => view.set({ hover: null })}
      onPress={(_, y, __, height) => {
        const layer = layerAt(y, height);
        if (layer) toggleCurve(layer.id);
      }}
    >
      <div ref={hair} className="hairline" hidden />
      <ul className="unseen">
        {weighted.map((layer) => (
          <li key={layer.id}>
            <label>
              <input type="checkbox" checked={curves.includes(layer.id)} onChange={() => toggleCurve(layer.id)} />
              {`Curve of ${layer.name}`}
            </label>
          </li>
        ))}
      </ul>
    </CanvasChart>
  );
}

function GradientTable({ session, layers }: { session: RunSession; layers: NamedLayer[] }) {
  const { live } = session;
  useBeat(1000);
  const rows = layers.map((layer) => {
    const { values } = drawn(live.series("gradient_rms", layer.id));
    const mean = values.length > 0 ? meanMagnitude(values, 0, values.length - 1) : Number.NaN;
    const read = (quantity: "gradient_rms" | "gradient_l2" | "update_ratio") => short(live.value(quantity, layer.id));
    return [layer.name, read("gradient_rms"), decade(mean), read("gradient_l2"), read("update_ratio"), whole(layer.parameters)];
  });
  return <DataTable caption="Gradient by layer" head={["Layer", "RMS now", "log₁₀ mean", "L2", "Update ratio", "Parameters"]} rows={rows} />;
}
