import { type CSSProperties, useEffect, useRef, useState } from "react";
import { around, type Extent, patchAt, type Position, positionNear } from "../../canvas/fieldGeometry";
import { FieldLines } from "../../canvas/FieldLines";
import type { DatasetView, ReceptiveField, RunView } from "../../generated/types";
import type { EffectiveFieldView } from "../../live/inside";
import type { RunSession } from "../../live/session";
import { api } from "../../net/api";
import { answers, command, isOver, useRun, watchFaces } from "../../store/run";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { PositionPad } from "../../ui/PositionPad";
import { paintInfluence } from "./effective_field";
import { paintPicture, type Pictures } from "./pictures_of";
import { BytesCanvas } from "./probe/BytesCanvas";
import { imageWords, truthOf } from "./probe/words";

interface ProbeProps {
  session: RunSession;
  dataset: DatasetView | undefined;
  /** The pixel of a feature map under the pointer. */
  pointed: { channel: number; pictures: Pictures } | null;
  sight: Sight | null;
}

/** What is drawn of the layer's receptive field. */
export interface Sight {
  field: ReceptiveField;
  /** Of the layer's output. */
  output: Extent;
  /** The output value whose field is drawn. */
  position: Position;
  onMove: (position: Position) => void;
  /** Influence of each pixel on the middle value; null where it is not to be drawn. */
  effective: EffectiveFieldView | null;
}

/** One tile of the data set's card as the background of a square of any size. */
export function tileStyle(dataset: DatasetView, index: number): CSSProperties {
  const card = dataset.card;
  if (!card) return {};
  const columns = card.columns;
  const rows = Math.ceil(card.positions.length / columns);
  const share = (at: number, count: number) => (count > 1 ? (100 * at) / (count - 1) : 0);
  return {
    backgroundImage: `url(${api.samplesUrl(dataset.dataset.name)})`,
    backgroundSize: `${columns * 100}% ${rows * 100}%`,
    backgroundPosition: `${share(index % columns, columns)}% ${share(Math.floor(index / columns), rows)}%`,
  };
}

/** The probe image; over it the field of an output value and what of it counts, or the pointed channel enlarged. */
export function Probe({ session, dataset, pointed, sight }: ProbeProps) {
  const { prediction } = session.inside;
  const index = prediction?.probe ?? 0;
  if (!dataset?.card) return <div className="probe probe-unknown">The probe image comes with the first worker</div>;
  const { height, width } = dataset.dataset;
  return (
    <div className="probe">
      <div className="probe-image" style={index < 0 ? {} : tileStyle(dataset, index)} role="img" aria-label={`Probe image: ${imageWords(prediction, dataset)}`}>
        {prediction?.image && <BytesCanvas image={prediction.image} className="probe-map" />}
        {pointed && <Enlarged pointed={pointed} />}
        {!pointed && sight?.effective && <Influence effective={sight.effective} />}
        {sight && <Seen sight={sight} image={{ height, width }} veil={!pointed && !sight.effective} />}
      </div>
      {sight && sight.output.height * sight.output.width > 1 && (
        <PositionPad
          className="probe-position"
          label="Output value whose field is drawn on the probe image"
          output={sight.output}
          position={sight.position}
          onMove={sight.onMove}
          at={(y, x) => positionNear(sight.field, sight.output, y * height, x * width)}
          pressOnly
        />
      )}
    </div>
  );
}

/** How the reader makes an image of their own. */
export type Way = "draw" | "upload";

interface ChangeProbeProps {
  session: RunSession;
  dataset: DatasetView | undefined;
  way: Way | null;
  onWay: (way: Way | null) => void;
}

/** Which image is looked at, and the ways to another. */
export function ChangeProbe({ session, dataset, way, onWay }: ChangeProbeProps) {
  const run = useRun((state) => state.run);
  const [choosing, setChoosing] = useState(false);
  const blocked = whyNoProbe(run);
  if (!dataset?.card) return null;
  const make = (next: Way) => {
    onWay(way === next ? null : next);
    if (way === null && answers(run)) watchFaces(); // a network that has ended shows what it is asked for
  };
  const offer = (name: string, pressed: boolean | undefined, onClick: () => void) => (
    <button type="button" className="link-button" disabled={blocked !== null} title={blocked ?? ""} aria-pressed={pressed} onClick={onClick}>
      {name}
    </button>
  );
  return (
    <div className="probe-ways">
      <span className="maps-note">{imageWords(session.inside.prediction, dataset)}</span>
      {run?.mine && isOver(run) && run.silent && (
        <Tooltip text={run.silent}>
          <button type="button" className="explain" aria-label={`Why this network does not answer: ${run.silent}`}>
            <Icon name="info" />
          </button>
        </Tooltip>
      )}
      {offer("Choose", undefined, () => setChoosing(true))}
      {offer("Draw", way === "draw", () => make("draw"))}
      {offer("Upload", way === "upload", () => make("upload"))}
      {choosing && <Choice dataset={dataset} chosen={session.inside.prediction?.probe ?? 0} onClose={() => setChoosing(false)} />}
    </div>
  );
}

/** Why the probe image cannot be changed; null where it can. */
export function whyNoProbe(run: RunView | null): string | null {
  if (!run?.mine) return "Only the owner of a run can change its probe image.";
  if (isOver(run)) return run.silent;
  return run.state === "running" || run.state === "paused" ? null : "The probe image can be changed once the run trains.";
}

/** The pointed channel over the probe image, at the same size. */
function Enlarged({ pointed }: { pointed: NonNullable<ProbeProps["pointed"]> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { pictures, channel } = pointed;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paintPicture(context, pictures, channel);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the stamp stands for the pictures
  }, [pictures.stamp, channel]);
  return <canvas ref={canvas} className="probe-map" width={pictures.width} height={pictures.height} aria-hidden="true" />;
}

/** How much each pixel counts for the middle value. */
function Influence({ effective }: { effective: EffectiveFieldView }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paintInfluence(context, effective);
  }, [effective]);
  return <canvas ref={canvas} className="probe-map probe-influence" width={effective.width} height={effective.height} aria-hidden="true" />;
}

/** The patch of the image that the value sees, and in it the part that half of the influence comes from. */
function Seen({ sight: { field, position, effective }, image, veil }: { sight: Sight; image: Extent; veil: boolean }) {
  const patch = patchAt(field, position);
  const core = effective && effective.peak > 0 ? around(patch, effective.half) : null;
  return (
    <svg className="probe-field" viewBox={`0 0 ${image.width} ${image.height}`} preserveAspectRatio="none" aria-hidden="true">
      <FieldLines patch={patch} core={core} view={{ top: 0, left: 0, ...image }} veil={veil} />
    </svg>
  );
}

function Choice({ dataset, chosen, onClose }: { dataset: DatasetView; chosen: number; onClose: () => void }) {
  const card = dataset.card;
  if (!card) return null;
  const pick = (index: number) => {
    void command({ kind: "probe", value: index });
    onClose();
  };
  return (
    <Dialog title="Probe image" width={40 * card.columns + 56} onClose={onClose}>
      <div className="probe-choice" style={{ gridTemplateColumns: `repeat(${card.columns}, 36px)` }}>
        {card.positions.map((position, index) => (
          <button
            key={position}
            type="button"
            aria-pressed={index === chosen}
            data-first={index === chosen ? "" : undefined}
            aria-label={`${dataset.dataset.classes[truthOf(dataset, index)] ?? ""}, test image ${position}`}
            style={tileStyle(dataset, index)}
            onClick={() => pick(index)}
          />
        ))}
      </div>
    </Dialog>
  );
}
