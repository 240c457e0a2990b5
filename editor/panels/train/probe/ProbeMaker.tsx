import { type ChangeEvent, type DragEvent, useState } from "react";
import type { Dataset } from "../../../generated/types";
import { command, isOver, useRun } from "../../../store/run";
import { Button } from "../../../ui/Button";
import { ImageRefused, openPicture, type Picture } from "./image_file";
import { BytesCanvas } from "./BytesCanvas";
import { base64, type ByteImage } from "./pictures";
import { looksInverted, type Making, networkInput } from "./plane";
import { ImageSender } from "./sender";
import { Sheet } from "./Sheet";

interface ProbeMakerProps {
  dataset: Dataset;
  way: "draw" | "upload";
  /** What the network says of the image. */
  says: string;
  onClose: () => void;
}

/** Least milliseconds between two images: a network that trains looks at five a second, one whose run is over does nothing else. */
const LIVE_SPACING = 200;
const OVER_SPACING = 80;

/** A probe image of the reader's own: drawn or from a file, and beside it what the network gets of it. */
export function ProbeMaker({ dataset, way, says, onClose }: ProbeMakerProps) {
  const [picture, setPicture] = useState<Picture | null>(null);
  const [making, setMaking] = useState<Making>({ invert: false, centre: way === "draw" && dataset.pen.box !== null });
  const [sender] = useState(() => new ImageSender(() => (isOver(useRun.getState().run) ? OVER_SPACING : LIVE_SPACING)));
  const given: ByteImage | null = picture && { shape: [dataset.channels, dataset.height, dataset.width], bytes: networkInput(picture.rgba, picture.width, picture.height, dataset, making) };
  const take = (next: Picture, how: Making) => {
    setPicture(next);
    setMaking(how);
    sender.offer(() => {
      const image = base64(networkInput(next.rgba, next.width, next.height, dataset, how)); // made only of what leaves
      return command({ kind: "probe", image, source: way === "draw" ? "drawn" : "uploaded" });
    });
  };
  const change = (part: Partial<Making>) => {
    const how = { ...making, ...part };
    if (picture) take(picture, how);
    else setMaking(how);
  };
  return (
    <div className="probe-maker" role="group" aria-label={way === "draw" ? "Draw a probe image" : "Upload a probe image"}>
      {way === "draw" ? (
        <Drawing dataset={dataset} says={picture ? says : ""} given={given} onDrawn={(next) => take(next, making)} onLifted={() => sender.hurry()} onWiped={() => setPicture(null)} onClose={onClose} />
      ) : (
        <Upload dataset={dataset} says={picture ? says : ""} given={given} making={making} onMaking={change} onOpened={(next) => take(next, { ...making, invert: dataset.pen.box !== null && looksInverted(next.rgba, next.width, next.height) })} onClose={onClose} />
      )}
    </div>
  );
}

function Drawing({ dataset, says, given, onDrawn, onLifted, onWiped, onClose }: { dataset: Dataset; says: string; given: ByteImage | null; onDrawn: (picture: Picture) => void; onLifted: () => void; onWiped: () => void; onClose: () => void }) {
  const [brush, setBrush] = useState(dataset.pen.brush);
  const [wiped, setWiped] = useState(0);
  const [ink, setInk] = useState("#ffffff");
  const [paper, setPaper] = useState("#303030");
  const grey = dataset.channels === 1;
  const wipe = () => {
    setWiped(wiped + 1);
    onWiped();
  };
  return (
    <>
      <Sheet shape={dataset} brush={brush} ink={grey ? "#ffffff" : ink} paper={grey ? "#000000" : paper} wiped={wiped} onDrawn={onDrawn} onLifted={onLifted} />
      <div className="probe-maker-side">
        <Gets given={given} dataset={dataset} />
        <label className="probe-brush">
          Brush
          <input type="range" min={0.03} max={0.2} step={0.01} value={brush} onChange={(event) => setBrush(Number(event.target.value))} />
        </label>
        {!grey && (
          <span className="probe-colours">
            <label>
              Ink <input type="color" value={ink} onChange={(event) => setInk(event.target.value)} />
            </label>
            <label>
              Paper
              <input
                type="color"
                value={paper}
                onChange={(event) => {
                  setPaper(event.target.value);
                  onWiped();
                }}
              />
            </label>
          </span>
        )}
        <Said words={says} />
        <Ends>
          <Button size="small" onClick={wipe}>
            Clear
          </Button>
          <Button size="small" onClick={onClose}>
            Done
          </Button>
        </Ends>
      </div>
    </>
  );
}

interface UploadProps {
  dataset: Dataset;
  says: string;
  given: ByteImage | null;
  making: Making;
  onMaking: (part: Partial<Making>) => void;
  onOpened: (picture: Picture) => void;
  onClose: () => void;
}

function Upload({ dataset, says, given, making, onMaking, onOpened, onClose }: UploadProps) {
  const [refused, setRefused] = useState("");
  const [over, setOver] = useState(false);
  const open = (file: File | undefined) => {
    if (!file) return;
    openPicture(file, dataset).then(
      (picture) => {
        setRefused("");
        onOpened(picture);
      },
      (error: unknown) => setRefused(error instanceof ImageRefused ? error.message : "This file cannot be read. Choose another."),
    );
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    open(event.dataTransfer.files[0]);
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping is one more way; the input within takes keys */}
      <label
        className="probe-drop"
        data-over={over || undefined}
        style={{ aspectRatio: `${dataset.width} / ${dataset.height}` }}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {given ? <BytesCanvas image={given} label="The picture as the network gets it" /> : <span>Choose a PNG or JPEG, or drop one here</span>}
        <input type="file" className="unseen" aria-label="Picture file" accept="image/png,image/jpeg" onChange={(event: ChangeEvent<HTMLInputElement>) => open(event.target.files?.[0])} />
      </label>
      <div className="probe-maker-side">
        <p className="maps-note" role="status" data-tone={refused ? "bad" : undefined}>
          {refused || `Its middle is scaled to ${dataset.height}×${dataset.width}, ${dataset.channels === 1 ? "grey" : "colour"}.`}
        </p>
        <label className="probe-check">
          <input type="checkbox" checked={making.invert} onChange={(event) => onMaking({ invert: event.target.checked })} /> Swap light and dark
        </label>
        {dataset.pen.box !== null && (
          <label className="probe-check">
            <input type="checkbox" checked={making.centre} onChange={(event) => onMaking({ centre: event.target.checked })} /> {`Centre as ${dataset.title} does`}
          </label>
        )}
        <Said words={says} />
        <Ends>
          <Button size="small" onClick={onClose}>
            Done
          </Button>
        </Ends>
      </div>
    </>
  );
}

function Said({ words }: { words: string }) {
  return (
    <p className="probe-says" role="status">
      {words}
    </p>
  );
}

function Ends({ children }: { children: React.ReactNode }) {
  return <span className="probe-ends">{children}</span>;
}

/** What the network gets of the drawing. */
function Gets({ given, dataset }: { given: ByteImage | null; dataset: Dataset }) {
  const { channels, height, width } = dataset;
  const blank: ByteImage = { shape: [channels, height, width], bytes: new Uint8Array(channels * height * width) };
  return (
    <span className="probe-gets">
      <BytesCanvas image={given ?? blank} label="What the network gets" />
      <span>{`It gets ${height}×${width}${dataset.pen.box === null ? "" : `, centred as ${dataset.title} is`}`}</span>
    </span>
  );
}
