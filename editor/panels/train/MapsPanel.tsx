import { useState } from "react";
import { extentOf, middleOf, patchAt, type Position } from "../../canvas/fieldGeometry";
import { percent, short, whole } from "../../charts/words";
import type { DatasetView, NodeAnalysis, RunView } from "../../generated/types";
import { type GradientsView, mapValue, type MapsView, type PredictionView } from "../../live/inside";
import type { NamedLayer } from "../../live/layers";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";
import { useLayerField } from "../../live/use_layer_field";
import { useCatalogue } from "../../store/catalogue";
import { choose, hasWorker, isOver, useRun } from "../../store/run";
import { Select } from "../../ui/Select";
import { DEFINITIONS } from "./definitions";
import { FieldNote } from "./FieldNote";
import { GradientHead, gradientWords } from "./GradientHead";
import { nothingYet } from "./nothing";
import { PanelHead } from "./PanelHead";
import { type Pointed, PictureGrid } from "./PictureGrid";
import { gradientPictures, mapPictures } from "./pictures_of";
import { ChangeProbe, Probe, type Sight, type Way, whyNoProbe } from "./Probe";
import { lazily, usePrefetchAtTouch } from "../../ui/lazily";

const ZoomedPicture = lazily(() => import("./ZoomedPicture").then((module) => module.ZoomedPicture));
const ProbeMaker = lazily(() => import("./probe/ProbeMaker").then((module) => module.ProbeMaker));
const DIALOGS = [ZoomedPicture, ProbeMaker];

interface MapsPanelProps {
  session: RunSession;
  dataset: DatasetView | undefined;
  analysis: Record<string, NodeAnalysis> | null;
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
  const [back, setBack] = useState(false);
  const [zoomed, setZoomed] = useState<number | null>(null);
  useBeat(250);
  usePrefetchAtTouch(DIALOGS);
  const layer = all.find((known) => known.id === chosen) ?? null;
  const maps = chosen === null ? undefined : session.inside.maps.get(chosen);
  const gradients = chosen === null ? undefined : session.inside.gradients.get(chosen);
  const pictures = back ? (gradients ? gradientPictures(gradients) : null) : maps ? mapPictures(maps) : null;
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
      {way && dataset && whyNoProbe(run) === null && <ProbeMaker key={way} dataset={dataset.dataset} way={way} says={saidOf(session.inside.prediction, dataset.dataset.classes)} onClose={() => setWay(null)} />}
      <div className="maps-body">
        <Probe session={session} dataset={dataset} sight={sight} pointed={pointed && pictures ? { channel: pointed.channel, pictures } : null} />
        <PictureGrid
          pictures={pictures}
          summary={summary(back, pictures)}
          dead={(chosen !== null && session.inside.units.get(chosen)?.dead) || null}
          pointed={pointed}
          onPointed={setPointed}
          picked={atMiddle ? null : position}
          onPressed={(found) => {
            if (!pictures || pictures.height * pictures.width === 1) return;
            pick([found.y, found.x]);
            setZoomed(found.channel);
          }}
        />
      </div>
      <p className="maps-note">{back ? gradientNote(gradients, pointed, layer ? nameOf(layer) : null, hasWorker(run)) : note(maps, pointed, layer ? nameOf(layer) : null, run?.mine ?? false, hasWorker(run), nothingYet(run))}</p>
      <GradientHead back={back} onBack={setBack} session={session} classes={dataset?.dataset.classes ?? []} onEnlarge={pictures && pictures.height * pictures.width > 1 && zoomed === null ? () => setZoomed(0) : null} />
      {zoomed !== null && pictures && zoomed < pictures.count && (
        <ZoomedPicture pictures={pictures} noun="Channel" image={zoomed} onImage={setZoomed} position={position} onPosition={move} onClose={() => setZoomed(null)} />
      )}
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

/** What the network says of an image given by hand; nothing where it still shows another. */
function saidOf(prediction: PredictionView | null, classes: readonly string[]): string {
  if (!prediction?.image) return "";
  const most = Math.max(...prediction.probabilities);
  const said = prediction.probabilities.indexOf(most);
  return `It says ${classes[said] ?? said}, ${percent(most, 0)}`;
}

function summary(back: boolean, pictures: { count: number; height: number; width: number } | null): string {
  const what = back ? "Gradients" : "Feature maps";
  return pictures ? `${what}, ${pictures.count} channels of ${pictures.height} by ${pictures.width}` : back ? "No gradients yet" : "No feature maps yet";
}

function gradientNote(gradients: GradientsView | undefined, pointed: Pointed | null, name: string | null, live: boolean): string {
  if (!name) return "";
  if (!gradients) return live ? `The gradients of ${name} come with the next steps.` : `No gradients of ${name} were kept.`;
  return gradientWords(gradients, pointed);
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
  if (run?.state === "paused") return <>paused</>;
  if (!hasWorker(run)) return null;
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
