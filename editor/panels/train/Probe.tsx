import { type CSSProperties, useEffect, useRef, useState } from "react";
import type { DatasetView, ReceptiveField } from "../../generated/types";
import type { MapsView } from "../../live/inside";
import { paintChannel } from "./map_pictures";
import type { RunSession } from "../../live/session";
import { api } from "../../net/api";
import { command, isLive, useRun } from "../../store/run";

interface ProbeProps {
  session: RunSession;
  dataset: DatasetView | undefined;
  field: ReceptiveField | null;
  /** The pixel of a feature map under the pointer. */
  pointed: { channel: number; x: number; y: number; maps: MapsView } | null;
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

/** The probe image; over it, what the pointed pixel sees, or that channel enlarged. Opens the choice of another image. */
export function Probe({ session, dataset, field, pointed }: ProbeProps) {
  const index = session.inside.prediction?.probe ?? 0;
  if (!dataset?.card) return <div className="probe probe-unknown">The probe image comes with the first worker</div>;
  return (
    <div className="probe">
      <div className="probe-image" style={tileStyle(dataset, index)} role="img" aria-label={`Probe image, ${dataset.dataset.classes[truthOf(dataset, index)] ?? ""}`}>
        {pointed && <Enlarged pointed={pointed} />}
        {pointed && field && <Seen field={field} pointed={pointed} dataset={dataset} />}
      </div>
    </div>
  );
}

/** Opens the choice of another probe image. */
export function ChangeProbe({ session, dataset }: { session: RunSession; dataset: DatasetView | undefined }) {
  const run = useRun((state) => state.run);
  const [choosing, setChoosing] = useState(false);
  const open = run?.mine === true && isLive(run);
  if (!dataset?.card) return null;
  return (
    <>
      <button type="button" className="link-button" disabled={!open} title={open ? "" : "Only the owner of a run can change its probe image, while it runs"} onClick={() => setChoosing(true)}>
        Change image
      </button>
      {choosing && <Choice dataset={dataset} chosen={session.inside.prediction?.probe ?? 0} onClose={() => setChoosing(false)} />}
    </>
  );
}

/** The card has one row for each class. */
function truthOf(dataset: DatasetView, index: number): number {
  return Math.floor(index / Math.max(1, dataset.card?.columns ?? 1));
}

/** The pointed channel over the probe image, at the same size. */
function Enlarged({ pointed }: { pointed: NonNullable<ProbeProps["pointed"]> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { maps, channel } = pointed;
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paintChannel(context, maps, channel);
  }, [maps, channel]);
  return <canvas ref={canvas} className="probe-map" width={maps.width} height={maps.height} aria-hidden="true" />;
}

/** The patch of the image that the pointed value sees. */
function Seen({ field, pointed, dataset }: { field: ReceptiveField; pointed: NonNullable<ProbeProps["pointed"]>; dataset: DatasetView }) {
  const { height, width } = dataset.dataset;
  const share = (axis: 0 | 1, at: number, extent: number) => {
    const middle = field.offset[axis] + at * field.stride[axis] + 0.5;
    const from = Math.max(0, middle - field.size[axis] / 2);
    const to = Math.min(extent, middle + field.size[axis] / 2);
    return { from: `${(100 * from) / extent}%`, size: `${(100 * Math.max(0, to - from)) / extent}%` };
  };
  const vertical = share(0, pointed.y, height);
  const horizontal = share(1, pointed.x, width);
  return <span className="probe-field" style={{ top: vertical.from, height: vertical.size, left: horizontal.from, width: horizontal.size }} />;
}

function Choice({ dataset, chosen, onClose }: { dataset: DatasetView; chosen: number; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const card = dataset.card;
  if (!card) return null;
  const pick = (index: number) => {
    void command({ kind: "probe", value: index });
    onClose();
  };
  return (
    <dialog ref={dialog} className="dialog probe-dialog" aria-label="Choose the probe image" onClose={onClose}>
      <header>
        <h2>Probe image</h2>
        <button type="button" className="button" data-size="small" onClick={onClose}>
          Close
        </button>
      </header>
      <div className="dialog-body probe-choice" style={{ gridTemplateColumns: `repeat(${card.columns}, 36px)` }}>
        {card.positions.map((position, index) => (
          <button
            key={position}
            type="button"
            aria-pressed={index === chosen}
            aria-label={`${dataset.dataset.classes[truthOf(dataset, index)] ?? ""}, test image ${position}`}
            style={tileStyle(dataset, index)}
            onClick={() => pick(index)}
          />
        ))}
      </div>
    </dialog>
  );
}
