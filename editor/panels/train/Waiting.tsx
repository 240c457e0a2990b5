import type { RunView } from "../../generated/types";

/** What a run that is not training waits for: at its start, and when its worker went away in the middle. */
export function Waiting({ run }: { run: RunView | null }) {
  if (!run || (run.state !== "queued" && run.state !== "leased" && run.state !== "lost")) return null;
  const words = run.state === "leased" ? "A worker has taken the run and is getting ready." : (run.waiting_for ?? "The run waits for a worker.");
  return (
    <div className="waiting" role="status">
      <p>{run.started ? `${words} It goes on from its last checkpoint, where a worker has it.` : words}</p>
    </div>
  );
}
