import type { RunView } from "../../generated/types";

/** What a run that has not started waits for. */
export function Waiting({ run }: { run: RunView | null }) {
  if (!run || run.started || (run.state !== "queued" && run.state !== "leased" && run.state !== "lost")) return null;
  const words = run.state === "leased" ? "A worker has taken the run and is getting ready." : run.waiting_for;
  return (
    <div className="waiting" role="status">
      <p>{words ?? "The run waits for a worker."}</p>
    </div>
  );
}
