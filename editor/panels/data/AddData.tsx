import { type DragEvent, useState } from "react";
import { megabytes } from "../../charts/words";
import type { OwnDataPage } from "../../generated/types";
import { words } from "../../net/errors";
import { Button } from "../../ui/Button";
import { FieldForm } from "../../ui/FieldForm";
import { Icon } from "../../ui/Icon";
import { ChooseZip } from "./ChooseZip";
import { beginUpload } from "./ownData";
import { whyNot } from "./upload";

function titleOf(file: File): string {
  const name = file.name.replace(/\.zip$/i, "").replace(/[-_]+/g, " ").trim().slice(0, 60);
  return name ? name[0]?.toUpperCase() + name.slice(1) : "Own images";
}

/** A zip is dropped or chosen, named, and sent with how its images are to be read; what may be sent is said before. */
export function AddData({ page }: { page: OwnDataPage }) {
  const [file, setFile] = useState<File | null>(null);
  const [title, setTitle] = useState("");
  const [options, setOptions] = useState<Record<string, unknown>>({});
  const [invalid, setInvalid] = useState<Record<string, string | null>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const take = (chosen: File | null | undefined) => {
    if (!chosen) return;
    const why = whyNot(chosen, page.limits.zip_bytes);
    setProblem(why);
    setFile(why ? null : chosen);
    setTitle(why ? "" : titleOf(chosen));
  };
  const wrong = Object.values(invalid).find(Boolean);
  const blocked = !file ? "Choose a zip first" : !title.trim() ? "Give it a name" : wrong ? wrong : busy ? "It is being sent" : null;
  const send = async () => {
    if (!file || blocked) return;
    setBusy(true);
    setProblem(null);
    try {
      await beginUpload(file, title.trim(), options);
      setFile(null);
      setTitle("");
    } catch (error) {
      setProblem(words(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="add-data" aria-labelledby="add-data">
      <h2 id="add-data">Add your own images</h2>
      <p className="side-text">A zip with a folder for each class, or with such folders under train and test.</p>
      <DropZone file={file} onFile={take} />
      {problem && (
        <p className="data-problem" role="alert">
          {problem}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div className="field">
          <div className="field-label">
            <label htmlFor="data-title">Name</label>
          </div>
          <div className="field-control">
            <span className="box" data-align="start">
              <input id="data-title" maxLength={60} value={title} onChange={(event) => setTitle(event.target.value)} />
            </span>
          </div>
        </div>
        <FieldForm
          fields={page.fields}
          values={options}
          onChange={(name, value) => setOptions((before) => ({ ...before, [name]: value }))}
          onInvalid={(name, why) => setInvalid((before) => ({ ...before, [name]: why }))}
        />
        <Button look="main" icon="upload" blocked={blocked} type="submit">
          Upload and check
        </Button>
      </form>
      <Limits page={page} />
    </section>
  );
}

function DropZone({ file, onFile }: { file: File | null; onFile: (file: File | null | undefined) => void }) {
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent, inside: boolean) => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the button within does the same for the keyboard
    <div
      className="drop-zone"
      data-over={over || undefined}
      data-filled={file ? "" : undefined}
      onDragEnter={(event) => drag(event, true)}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => drag(event, false)}
      onDrop={(event) => {
        drag(event, false);
        onFile(event.dataTransfer.files[0]);
      }}
    >
      <Icon name={file ? "check" : "folder"} />
      <p>{file ? <b>{file.name}</b> : "Drop a zip here"}</p>
      <p className="muted number">{file ? megabytes(file.size) : "cats/1.png  dogs/1.png  …"}</p>
      <ChooseZip words={file ? "Choose another" : "Choose a zip"} label="Zip of class folders" onFile={onFile} />
    </div>
  );
}

function Limits({ page: { limits } }: { page: OwnDataPage }) {
  const count = (value: number) => value.toLocaleString("en-GB");
  const lines: [string, string][] = [
    ["Zip", megabytes(limits.zip_bytes)],
    ["Unpacked", megabytes(limits.unpacked_bytes)],
    ["Images", count(limits.images)],
    ["Pixels of an image", count(limits.pixels)],
    ["Classes", `${limits.fewest_classes} to ${limits.classes}`],
    ["Images of a class", `at least ${limits.fewest_images}`],
    ["As trained on", megabytes(limits.stored_bytes)],
  ];
  return (
    <details className="data-limits" open>
      <summary>What may be sent</summary>
      <dl className="data-facts">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="side-line">PNG, JPEG, BMP, GIF, WebP, PPM and TIFF. Nobody else sees your images; whoever has the address of a run sees samples of those it was trained on.</p>
    </details>
  );
}
