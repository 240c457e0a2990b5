import { useState } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { colour } from "../../charts/theme";
import { short, whole } from "../../charts/words";
import type { DatasetView, NodeAnalysis, RunView } from "../../generated/types";
import { mapValue, type MapsView } from "../../live/inside";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";
import { useCatalogue } from "../../store/catalogue";
import { choose, isLive, isOver, useRun } from "../../store/run";
import { Select } from "../../ui/Select";
import { DEFINITIONS } from "./definitions";
import { mapGrid, paintChannel } from "./map_pictures";
import { nothingYet } from "./nothing";
import { PanelHead } from "./PanelHead";
import { ChangeProbe, Probe } from "./Probe";

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
  const chosen = useRun((state) => state.chosen);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  useBeat(250);
  const layer = all.find((known) => known.id === chosen) ?? null;
  const maps = chosen === null ? undefined : session.inside.maps.get(chosen);
  const kinds = useCatalogue((state) => state.block);
  const listed = all.filter((known) => kinds[known.block]?.category !== "Ends");
  const fed = new Map(rectified.filter((known) => known.parameters === 0).map((known) => [known.id, `${known.name}, ReLU`]));
  const nameOf = (known: NamedLayer) => fed.get(known.id) ?? known.name;
  const field = layer && analysis ? analysis[layer.node]?.receptive_field : null;
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
      <div className="maps-body">
        <Probe session={session} dataset={dataset} field={field ?? null} pointed={pointed && maps ? { ...pointed, maps } : null} />
        <MapsGrid session={session} maps={maps} onPointed={setPointed} pointed={pointed} />
      </div>
      <div className="maps-foot">
        <p className="maps-note">{note(maps, pointed, layer ? nameOf(layer) : null, run?.mine ?? false, isLive(run), nothingYet(run))}</p>
        <ChangeProbe session={session} dataset={dataset} />
      </div>
    </section>
  );
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
}

const scratch = document.createElement("canvas");

function MapsGrid({ session, maps, pointed, onPointed }: MapsGridProps) {
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
      stamp={() => `${session.inside.version} ${session.still ? "still" : "live"} ${maps?.layer} ${maps?.step} ${pointed?.channel}`}
      paint={paint}
      onPoint={(x, y, width, height) => onPointed(find(x, y, width, height))}
      onLeave={() => onPointed(null)}
    />
  );
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
