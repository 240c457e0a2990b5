import { useState } from "react";
import type { Position } from "../../canvas/fieldGeometry";
import { signedGradient } from "../../charts/signed_ramp";
import { short, whole } from "../../charts/words";
import type { RunView } from "../../generated/types";
import type { WeightsView } from "../../live/inside";
import type { NamedLayer, RunLayers } from "../../live/layers";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";
import { choose, hasWorker, useRun } from "../../store/run";
import { shownTheme, useUi } from "../../store/ui";
import { Select } from "../../ui/Select";
import { DEFINITIONS } from "./definitions";
import { nothingYet } from "./nothing";
import { PanelHead } from "./PanelHead";
import { type Pointed, PictureGrid } from "./PictureGrid";
import { weightPictures, weightValue } from "./pictures_of";
import { ZoomedPicture } from "./ZoomedPicture";

const NOUNS = { filters: "Filter", units: "Unit", matrix: "Matrix" } as const;

/** The chosen layer's weights as images: what each filter looks for. */
export function WeightsPanel({ session }: { session: RunSession }) {
  const layers = useRun((state) => state.layers);
  const run = useRun((state) => state.run);
  const chosen = useRun((state) => state.chosen);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [zoomed, setZoomed] = useState<number | null>(null);
  const [channel, setChannel] = useState(0);
  const [position, setPosition] = useState<Position>([0, 0]);
  useBeat(500);
  const layer = weightedOf(layers, chosen);
  const weights = layer ? session.inside.weights.get(layer.id) : undefined;
  const read = weights && channel < weights.channels ? channel : 0;
  const pictures = weights ? weightPictures(weights, read) : null;
  const noun = NOUNS[weights?.form ?? "filters"];
  const at = zoomed !== null && weights && zoomed < weights.units ? zoomed : null;
  return (
    <section className="side-panel weights-panel" aria-label="Weights">
      <PanelHead title="Weights" definition={DEFINITIONS.weights} fact={weights ? `step ${whole(weights.step)}` : ""}>
        {layers.weighted.length > 0 && (
          <Select aria-label="Layer whose weights are shown" className="layer-select" value={layer?.id ?? ""} options={layers.weighted.map((known) => ({ value: known.id, label: known.name }))} onChoose={choose} />
        )}
      </PanelHead>
      {weights && pictures && (
        <>
          {weights.channels > 1 && !weights.colour && (
            <label className="weights-channel">
              Of input channel
              <input type="range" min={1} max={weights.channels} value={read + 1} onChange={(event) => setChannel(Number(event.target.value) - 1)} />
              <span className="number">{`${read + 1} of ${whole(weights.total_channels)}`}</span>
            </label>
          )}
          <div className="weights-grid">
            <PictureGrid
              pictures={pictures}
              summary={`Weights of ${layer?.name}: ${weights.units} images of ${weights.height} by ${weights.width}`}
              pointed={pointed}
              onPointed={setPointed}
              onPressed={(found) => {
                setZoomed(found.channel);
                setPosition([found.y, found.x]);
              }}
            />
          </div>
          <Legend weights={weights} />
          <p className="maps-note weights-note">
            {pointed ? valueWords(weights, noun, pointed, read) : partWords(weights)}
            {at === null && (
              <button type="button" className="link-button" onClick={() => setZoomed(0)}>
                Enlarge
              </button>
            )}
          </p>
          {at !== null && <ZoomedPicture pictures={pictures} noun={noun} image={at} onImage={setZoomed} position={position} onPosition={setPosition} onClose={() => setZoomed(null)} />}
        </>
      )}
      {!weights && <p className="maps-note weights-note">{missing(layer, run, session.still !== null)}</p>}
    </section>
  );
}

/** The layer itself, else the one that feeds it, else the first that has weights. */
function weightedOf({ all, weighted, rectified, activated }: RunLayers, chosen: string | null): NamedLayer | undefined {
  const feeder = [...rectified, ...activated].find((known) => known.id === chosen)?.feeder;
  const own = weighted.find((known) => known.id === chosen) ?? weighted.find((known) => known.id === feeder);
  if (own) return own;
  const before = new Set(all.slice(0, all.findIndex((known) => known.id === chosen) + 1).map((known) => known.id));
  return weighted.findLast((known) => before.has(known.id)) ?? weighted[0];
}

function Legend({ weights }: { weights: WeightsView }) {
  const dark = useUi((state) => shownTheme(state.theme) === "dark");
  const most = Math.max(Math.abs(weights.low), Math.abs(weights.high));
  const scale = weights.colour ? "linear-gradient(90deg, black, white)" : signedGradient(dark);
  const [first, last] = weights.colour ? [weights.low, weights.high] : [-most, most];
  return (
    <p className="weights-legend" role="img" aria-label={`Weights from ${short(weights.low)} to ${short(weights.high)}`}>
      <span className="number">{short(first)}</span>
      <i className="ramp" style={{ background: scale }} />
      <span className="number">{short(last)}</span>
    </p>
  );
}

function valueWords(weights: WeightsView, noun: string, { channel: unit, y, x }: Pointed, read: number): string {
  if (weights.form === "matrix") return `Unit ${y + 1}, input ${x + 1}: ${short(weightValue(weights, 0, 0, y, x))}`;
  const parts = weights.colour ? ["red", "green", "blue"].map((name, part) => `${name} ${short(weightValue(weights, unit, part, y, x))}`).join(", ") : short(weightValue(weights, unit, read, y, x));
  return `${noun} ${unit + 1}, row ${y}, column ${x}: ${parts}`;
}

function partWords(weights: WeightsView): string {
  if (weights.form === "matrix") {
    const complete = weights.height === weights.total_height && weights.width === weights.total_width;
    return `${complete ? "" : `First ${weights.height}×${weights.width} of `}${whole(weights.total_height)} units by ${whole(weights.total_width)} inputs${reach(weights)}`;
  }
  const shown = weights.units < weights.total_units ? `First ${weights.units} of ${whole(weights.total_units)}` : whole(weights.units);
  const what = weights.form === "filters" ? "filters" : "units";
  return `${shown} ${what} of ${weights.height}×${weights.width}${weights.colour ? ", in colour" : ""}${reach(weights)}`;
}

const reach = ({ low, high }: WeightsView): string => `, ${short(low)} to ${short(high)}`;

function missing(layer: NamedLayer | undefined, run: RunView | null, still: boolean): string {
  if (!layer) return nothingYet(run);
  if (still) return `The weights of ${layer.name} were not kept up to this step.`;
  if (!hasWorker(run)) return `No weights of ${layer.name} were kept.`;
  return run?.mine ? `The weights of ${layer.name} come with the next steps.` : `${layer.name} is not among the layers the owner of this run watches.`;
}
