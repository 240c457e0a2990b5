import { megabytes } from "../../charts/words";
import type { Fetching, RunView } from "../../generated/types";

/** What a run that is not training waits for: at its start, and when its worker went away in the middle. */
export function Waiting({ run }: { run: RunView | null }) {
  if (!run || (run.state !== "queued" && run.state !== "leased" && run.state !== "lost")) return null;
  if (run.fetching) return <FetchingData fetching={run.fetching} />;
  const words = run.state === "leased" ? "A worker has taken the run and is getting ready." : (run.waiting_for ?? "The run waits for a worker.");
  return (
    <div className="waiting" role="status">
      <p>{run.started ? `${words} It goes on from its last checkpoint, where a worker has it.` : words}</p>
    </div>
  );
}

/** The worker has not got the images yet: how many bytes are there. Stop, in the bar above, ends it. */
function FetchingData({ fetching: { title, bytes, total, stage } }: { fetching: Fetching }) {
  const share = total > 0 ? Math.min(1, bytes / total) : 0;
  const words = stage === "preparing" ? `The worker has ${title} and is unpacking it.` : `The worker is fetching ${title}: ${megabytes(bytes)} of ${megabytes(total)}, ${Math.floor(100 * share)} %.`;
  return (
    <div className="waiting" role="status">
      <p>{words}</p>
      <progress aria-label={`${title} fetched`} max={1} value={stage === "preparing" ? undefined : share} />
      <p>Training begins when it is there. The next run finds it on the worker&apos;s machine.</p>
    </div>
  );
}

/** The images of this run are gone: what the run told stays. */
export function GoneData({ run }: { run: RunView | null }) {
  if (!run?.data?.gone) return null;
  return (
    <p className="ending gone" role="status">
      The images of “{run.data.dataset.title}” were deleted or have changed since. The run keeps its figures and the names of its classes.
    </p>
  );
}
