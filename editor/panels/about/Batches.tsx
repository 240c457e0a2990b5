import { useEffect, useState } from "react";
import type { BatchCard, BatchView } from "../../generated/types";
import { aboutApi } from "../../net/about";
import { isAbort, words } from "../../net/errors";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";
import { agoWords } from "../runWords";
import { RunRows } from "./RunRows";

/** Runs that were started together. The newest stands open; `turn` says when to look again. */
export function Batches({ batches, turn, refresh }: { batches: readonly BatchCard[]; turn: number; refresh: () => Promise<void> }) {
  return (
    <ul className="about-batches">
      {batches.map((batch, index) => (
        <Batch key={batch.id} batch={batch} first={index === 0} turn={turn} refresh={refresh} />
      ))}
    </ul>
  );
}

interface BatchProps {
  batch: BatchCard;
  turn: number;
  refresh: () => Promise<void>;
}

function Batch({ batch, first, turn, refresh }: BatchProps & { first: boolean }) {
  const [open, setOpen] = useState(first);
  return (
    <li>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className="about-batch-title">{batch.title}</span>
          <span className="muted small">
            {batch.runs} {batch.runs === 1 ? "run" : "runs"}, {progress(batch)}
          </span>
        </summary>
        {open && <Members batch={batch} turn={batch.live > 0 ? turn : 0} refresh={refresh} />}
      </details>
    </li>
  );
}

function progress({ live, waiting, created }: BatchCard): string {
  if (live === 0) return agoWords(created);
  const trains = live - waiting;
  return [trains > 0 ? `${trains} training` : "", waiting > 0 ? `${waiting} waiting` : ""].filter(Boolean).join(", ");
}

/** Asked for again while some of them move, and once more when they have come to rest. */
function Members({ batch, turn, refresh }: BatchProps) {
  const [view, setView] = useState<BatchView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const control = new AbortController();
    aboutApi.batch(batch.id, control.signal).then(setView, (error: unknown) => {
      if (!isAbort(error)) setProblem(words(error));
    });
    return () => control.abort();
  }, [batch.id, turn]);
  const cancel = async () => {
    try {
      setView(await aboutApi.cancelBatch(batch.id));
      await refresh();
    } catch (error) {
      toast(words(error), { tone: "bad" });
    }
  };
  if (problem !== null) return <p className="about-empty">{problem}</p>;
  if (!view) return <div className="about-batch-ghost ghost" aria-busy="true" aria-label="Loading its runs" />;
  return (
    <>
      <RunRows runs={view.members} name={(run) => nameOf(run.id, view)} />
      {view.waiting > 0 && (
        <p className="about-cancel">
          <Button size="small" onClick={() => void cancel()}>
            Cancel {view.waiting === view.runs ? "all" : `the ${view.waiting} that wait`}
          </Button>
        </p>
      )}
    </>
  );
}

/** A run of a sweep by its settings; one of a pair by its experiment. */
function nameOf(id: string, { members }: BatchView): string {
  const run = members.find((each) => each.id === id);
  if (!run) return "";
  return run.settings.length > 0 ? run.settings.map(({ label, words: value }) => `${label} ${value}`).join(", ") : run.name;
}
