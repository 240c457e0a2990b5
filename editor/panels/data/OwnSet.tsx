import { useState } from "react";
import { megabytes } from "../../charts/words";
import type { OwnDataView, OwnFinding } from "../../generated/types";
import { Link, paths } from "../../routes";
import { toast } from "../../store/ui";
import { IconButton } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Confirm } from "../../ui/Dialog";
import { RenameDialog } from "../home/RenameDialog";
import { DatasetAbout } from "../side/DatasetAbout";
import { ChooseZip } from "./ChooseZip";
import { goOn, remove, rename, toggle, useOwnData } from "./ownData";

/** A data set of one's own: where it stands, what the check found, and once it is ready what is in it. */
export function OwnSet({ view }: { view: OwnDataView }) {
  const open = useOwnData((state) => state.open === view.id);
  return (
    <li className="own-set" data-state={view.state} data-open={open || undefined}>
      <div className="own-set-head">
        <button type="button" className="own-set-name" aria-expanded={open} onClick={() => toggle(view.id)}>
          <b>{view.title}</b>
          <span className="muted">{sizeWords(view)}</span>
        </button>
        <State view={view} />
        {view.dataset && (
          <Link className="button" data-size="small" href={paths.draft("lenet-5", view.name)}>
            Train LeNet-5 on it
          </Link>
        )}
        {view.mine && <Changes view={view} />}
      </div>
      <Moving view={view} />
      {view.problem && (
        <p className="data-problem" role="alert">
          {view.problem}
        </p>
      )}
      {open && view.findings.length > 0 && <Findings findings={view.findings} />}
      {open && view.dataset && <DatasetAbout view={{ dataset: view.dataset, card: view.card, gone: false }} titled={false} />}
    </li>
  );
}

function sizeWords({ dataset, file, bytes }: OwnDataView): string {
  if (!dataset) return `${file}, ${megabytes(bytes)}`;
  const { height, width, channels, classes, train, test } = dataset;
  return `${height}×${width}×${channels}, ${classes.length} classes, ${(train + test).toLocaleString("en-GB")} images`;
}

function State({ view: { state, findings } }: { view: OwnDataView }) {
  const warned = findings.some((finding) => finding.level !== "note");
  if (state === "ready") return <Chip icon={warned ? "warn" : "check"} tone={warned ? "warn" : "good"}>{warned ? "Ready, with remarks" : "Ready"}</Chip>;
  if (state === "refused") return <Chip icon="warn" tone="bad">Refused</Chip>;
  return <Chip icon="clock">{state === "uploading" ? "Uploading" : "Checking"}</Chip>;
}

const STAGES = { waiting: "Waits for its check", listing: "Looking through the folders", reading: "Reading the images", writing: "Writing the data set" };

/** How far the upload or the check is; an upload that broke off asks for its file again. */
function Moving({ view }: { view: OwnDataView }) {
  const sending = useOwnData((state) => view.id in state.sending);
  if (view.state === "uploading") {
    const share = view.received / view.bytes;
    return (
      <div className="own-moving" role="status">
        <progress aria-label={`${view.title} uploaded`} max={1} value={share} />
        <span className="number">
          {megabytes(view.received)} of {megabytes(view.bytes)}, {Math.floor(100 * share)} %
        </span>
        {!sending && view.mine && <GoOn view={view} />}
      </div>
    );
  }
  if (view.state !== "checking" || !view.progress) return null;
  const { stage, done, total } = view.progress;
  return (
    <div className="own-moving" role="status">
      <progress aria-label={`${view.title} checked`} max={1} value={total > 0 ? done / total : undefined} />
      <span className="number">
        {STAGES[stage]}
        {total > 0 && `: ${done.toLocaleString("en-GB")} of ${total.toLocaleString("en-GB")}`}
      </span>
    </div>
  );
}

function GoOn({ view }: { view: OwnDataView }) {
  const take = (file: File | undefined) => {
    if (file && file.size === view.bytes) void goOn(view, file);
    else if (file) toast(`“${file.name}” has ${file.size.toLocaleString("en-GB")} bytes; ${view.file} had ${view.bytes.toLocaleString("en-GB")}. Choose that one, or delete this upload.`, { tone: "bad" });
  };
  return (
    <>
      <span className="muted">It broke off.</span>
      <ChooseZip words={`Choose ${view.file} again to go on`} label={`The rest of ${view.file}`} onFile={take} />
    </>
  );
}

function Changes({ view }: { view: OwnDataView }) {
  const [asking, setAsking] = useState<"rename" | "delete" | null>(null);
  const close = () => setAsking(null);
  return (
    <>
      <IconButton label={`Rename ${view.title}`} icon="pencil" size="small" onClick={() => setAsking("rename")} />
      <IconButton label={`Delete ${view.title}`} icon="trash" size="small" onClick={() => setAsking("delete")} />
      {asking === "rename" && <RenameDialog name={view.title} onClose={close} onRename={(title) => void rename(view, title)} />}
      {asking === "delete" && (
        <Confirm
          title={`Delete “${view.title}”?`}
          action="Delete"
          onClose={close}
          onConfirm={() => {
            close();
            void remove(view);
          }}
        >
          <p>
            Its images are removed from the site.{" "}
            {view.runs > 0 && `${view.runs === 1 ? "The run" : `The ${view.runs} runs`} that used it ${view.runs === 1 ? "keeps" : "keep"} figures and class names, but cannot train further.`}
          </p>
        </Confirm>
      )}
    </>
  );
}

function Findings({ findings }: { findings: OwnFinding[] }) {
  return (
    <ul className="own-findings">
      {findings.map(({ level, message, files, count }) => (
        <li key={message} data-level={level}>
          <details>
            <summary>{message}</summary>
            <ul>
              {files.map((file) => (
                <li key={file}>{file}</li>
              ))}
              {count > files.length && <li className="muted">and {(count - files.length).toLocaleString("en-GB")} more</li>}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}
