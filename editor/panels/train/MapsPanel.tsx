import { useState } from "react";
import { extentOf, middleOf, patchAt, type Position } from "../../canvas/fieldGeometry";
import { CanvasChart } from "../../charts/CanvasChart";
import { colour } from "../../charts/theme";
import { short, whole } from "../../charts/words";
import type { DatasetView, NodeAnalysis, RunView } from "../../generated/types";
import { mapValue, type MapsView } from "../../live/inside";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";
import { useLayerField } from "../../live/use_layer_field";
import { useCatalogue } from "../../store/catalogue";
import { choose, isLive, isOver, useRun } from "../../store/run";
import { Select } from "../../ui/Select";
import { DEFINITIONS } from "./definitions";
import { FieldNote } from "./FieldNote";
import { mapGrid, paintChannel } from "./map_pictures";
import { nothingYet } from "./nothing";
import { PanelHead } from "./PanelHead";
import { ChangeProbe, Probe, type Sight, type Way, whyNoProbe } from "./Probe";
import { ProbeMaker } from "./probe/ProbeMaker";

interface MapsPanelProps {
  session: RunSession;
  dataset: DatasetView | undefined;
  analysis: Record<string, NodeAnalysis> | null;
}

interface Pointed {
  channel: number;
  x: number;
  y: number;
}

/** The probe image, and what the chosen layer makes of it. */
export function MapsPanel({ session, dataset, analysis }: MapsPanelProps) {
  const { all, rectified } = useRun((state) => state.layers);
  const run = useRun((state) => state.run);
  const network = useRun((state) => state.network);
  const chosen = useRun((state) => state.chosen);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const [picked, setPicked] = useState<{ layer: string; position: Position } | null>(null);
  const [shown, setShown] = useState(true);
  const [way, setWay] = useState<Way | null>(null);
  useBeat(250);
  const layer = all.find((known) => known.id === chosen) ?? null;
  const maps = chosen === null ? undefined : session.inside.maps.get(chosen);
  const kinds = useCatalogue((state) => state.block);
  const listed = all.filter((known) => kinds[known.block]?.category !== "Ends");
  const fed = new Map(rectified.filter((known) => known.parameters === 0).map((known) => [known.id, `${known.name}, ReLU`]));
  const nameOf = (known: NamedLayer) => fed.get(known.id) ?? known.name;
  const field = useLayerField(layer, network, analysis);
  const measured = chosen === null ? undefined : session.inside.fields.get(chosen);
  const effective = measured?.probe === (session.inside.prediction?.probe ?? 0) ? measured : undefined; // an older one is of another image
  const output = extentOf(layer?.shape ?? []);
  const middle = effective?.position ?? middleOf(output);
  const held = picked !== null && picked.layer === chosen ? picked.position : middle;
  const position: Position = pointed && maps ? [pointed.y, pointed.x] : held;
  const atMiddle = position[0] === middle[0] && position[1] === middle[1];
  const pick = (next: Position) => chosen !== null && setPicked({ layer: chosen, position: next });
  const move = (next: Position) => {
    setPointed(null); // a pointer that rests on the maps does not hold the keys back
    pick(next);
  };
  const drawn = atMiddle && shown && !pointed ? effective : undefined;
  const sight: Sight | null = layer && field && !FIELDLESS.has(layer.block) ? { field, output, position, onMove: move, effective: drawn ?? null } : null;
  return (
    <section className="side-panel maps-panel" aria-label="Feature maps">
      <PanelHead title="Feature maps" definition={DEFINITIONS.maps} fact={<LiveMark session={session} run={run} />}>
        {listed.length > 0 && (
          <Select
            aria-label="Layer"
            className="layer-select"
            value={chosen ?? ""}
            options={listed.map((known) => ({ value: known.id, label: nameOf(known) }))}
            onChoose={choose}
          />
        )}
      </PanelHead>
      {way && dataset && whyNoProbe(run) === null && <ProbeMaker key={way} dataset={dataset.dataset} way={way} onClose={() => setWay(null)} />}
      <div className="maps-body">
        <Probe session={session} dataset={dataset} sight={sight} pointed={pointed && maps ? { ...pointed, maps } : null} />
        <MapsGrid session={session} maps={maps} onPointed={setPointed} pointed={pointed} picked={atMiddle ? null : position} onPicked={(found) => pick([found.y, found.x])} />
      </div>
      <p className="maps-note">{note(maps, pointed, layer ? nameOf(layer) : null, run?.mine ?? false, isLive(run), nothingYet(run))}</p>
      <ChangeProbe session={session} dataset={dataset} way={way} onWay={setWay} />
      {sight && dataset && (
        <FieldNote
          field={sight.field}
          patch={patchAt(sight.field, position)}
          image={dataset.dataset}
          picked={atMiddle ? null : position}
          onMiddle={() => setPicked(null)}
          effective={effective}
          without={unmeasured(layer, run, session.still !== null)}
          shown={shown}
          onShow={setShown}
        />
      )}
    </section>
  );
}

/** Blocks that hand the image or the scores on. */
const FIELDLESS = new Set(["input", "output"]);

function unmeasured(layer: NamedLayer | null, run: RunView | null, still: boolean): string {
  if (layer?.shape.length !== 3) return "Every unit sees the same.";
  if (still) return "How much each pixel counts was not measured up to this step.";
  if (isOver(run)) return "How much each pixel counts was not measured.";
  return "How much each pixel counts is measured once the layer is watched.";
}

function LiveMark({ session, run }: { session: RunSession; run: RunView | null }) {
  if (session.still) return <>frozen</>;
  if (isOver(run)) return session.live.started ? <>at the end</> : null;
  if (run?.state === "paused") return <>paused</>;
  if (!isLive(run)) return null;
  const rate = session.live.progress?.maps_per_second ?? 0;
  return rate > 0 ? <span title={`Live: about ${rate.toFixed(1)} pictures a second`}>{`${rate.toFixed(1)}/s`}</span> : <>live</>;
}

function note(maps: MapsView | undefined, pointed: Pointed | null, name: string | null, mine: boolean, live: boolean, noSteps: string): string {
  if (!name) return noSteps;
  if (!maps) {
    if (live && !mine) return `${name} is not among the layers the owner of this run watches.`;
    return live ? "Its maps come with the next steps." : `No maps of ${name} were kept.`;
  }
  if (pointed)
    return maps.height * maps.width > 1
      ? `Channel ${pointed.channel + 1} of ${whole(maps.total_channels)}, row ${pointed.y}, column ${pointed.x}: ${short(mapValue(maps, pointed.channel, pointed.y, pointed.x))}`
      : `Unit ${pointed.channel + 1} of ${whole(maps.total_channels)}: ${short(mapValue(maps, pointed.channel, 0, 0))}`;
  const shown = maps.channels < maps.total_channels ? `First ${maps.channels} of ${whole(maps.total_channels)}` : whole(maps.total_channels);
  const what = maps.height * maps.width > 1 ? `maps of ${maps.height}×${maps.width}` : "values";
  return `${shown} ${what}, ${short(maps.low)} to ${short(maps.high)}, step ${whole(maps.step)}`;
}

interface MapsGridProps {
  session: RunSession;
  maps: MapsView | undefined;
  pointed: Pointed | null;
  onPointed: (pointed: Pointed | null) => void;
  /** The output value whose field is shown, where it is not the middle; marked in every map. */
  picked: Position | null;
  onPicked: (pointed: Pointed) => void;
}

const scratch = document.createElement("canvas");

function MapsGrid({ session, maps, pointed, onPointed, picked, onPicked }: MapsGridProps) {
  const dead = maps ? (session.inside.units.get(maps.layer)?.dead ?? null) : null;
  const paint = (context: CanvasRenderingContext2D, width: number, height: number) => {
    if (!maps) return;
    const { columns, rows, cell } = mapGrid(maps.channels, width, height);
    scratch.width = maps.width;
    scratch.height = maps.height;
    const own = scratch.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.imageSmoothingEnabled = false;
    const gap = cell > 12 ? 3 : 1;
    const side = cell - gap;
    const ratio = maps.height / maps.width;
    const [wide, tall] = ratio > 1 ? [side / ratio, side] : [side, side * ratio];
    for (let channel = 0; channel < Math.min(maps.channels, columns * rows); channel += 1) {
      const left = (channel % columns) * cell;
      const top = Math.floor(channel / columns) * cell;
      paintChannel(own, maps, channel);
      context.drawImage(scratch, left, top, wide, tall);
      if (picked && maps.width > 1) mark(context, left + (picked[1] * wide) / maps.width, top + (picked[0] * tall) / maps.height, wide / maps.width, tall / maps.height);
      frame(context, left, top, wide, tall, dead?.[channel] === 1, pointed?.channel === channel);
    }
  };
  const find = (x: number, y: number, width: number, height: number): Pointed | null => {
    if (!maps) return null;
    const { columns, cell } = mapGrid(maps.channels, width, height);
    const column = Math.floor(x / cell);
    const channel = Math.floor(y / cell) * columns + column;
    if (column >= columns || channel >= maps.channels || channel < 0) return null;
    const inside = (at: number, size: number) => Math.max(0, Math.min(size - 1, Math.floor(((at % cell) / (cell - 3)) * size)));
    return { channel, x: inside(x, maps.width), y: inside(y, maps.height) };
  };
  return (
    <CanvasChart
      className="maps-grid"
      summary={maps ? `Feature maps, ${maps.channels} channels of ${maps.height} by ${maps.width}` : "No feature maps yet"}
      stamp={() => `${session.inside.version} ${session.still ? "still" : "live"} ${maps?.layer} ${maps?.step} ${pointed?.channel} ${picked?.join()}`}
      paint={paint}
      onPoint={(x, y, width, height) => onPointed(find(x, y, width, height))}
      onLeave={() => onPointed(null)}
      onPress={(x, y, width, height) => {
        const found = find(x, y, width, height);
        if (found && maps && maps.height * maps.width > 1) onPicked(found);
      }}
    />
  );
}

function mark(context: CanvasRenderingContext2D, left: number, top: number, wide: number, tall: number): void {
  context.strokeStyle = colour("accent");
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, Math.max(2, wide - 1), Math.max(2, tall - 1));
}

function frame(context: CanvasRenderingContext2D, left: number, top: number, wide: number, tall: number, dead: boolean, on: boolean): void {
  if (dead) {
    context.fillStyle = colour("unit-dead");
    context.fillRect(left, top, wide, tall);
    context.strokeStyle = colour("ink-3");
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(left, top + tall);
    context.lineTo(left + wide, top);
    context.stroke();
  }
  context.strokeStyle = colour(on ? "accent" : "rule-2");
  context.lineWidth = on ? 2 : 1;
  context.strokeRect(left + 0.5, top + 0.5, wide - 1, tall - 1);
}
