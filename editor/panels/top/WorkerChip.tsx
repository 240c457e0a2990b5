import { useEffect } from "react";
import type { WorkerView } from "../../generated/types";
import { refreshWorkers, useCatalogue } from "../../store/catalogue";
import { Chip } from "../../ui/Chip";
import { Tooltip } from "../../ui/Tooltip";

const EVERY = 10_000; // ms between questions while somebody looks

/** Who trains: "1 worker, CPU", or how to start one. */
export function WorkerChip() {
  const workers = useCatalogue((state) => state.workers);
  const known = useCatalogue((state) => state.workersKnown);
  useWorkers();
  if (!known) return null;
  const { text, why, missing } = workerWords(workers);
  return (
    <Tooltip text={why}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that the reason can be read with the keyboard */}
      <span tabIndex={0} className="chip-hold">
        <Chip icon={missing ? "warn" : "worker"} tone={missing ? "warn" : "plain"}>
          {text}
        </Chip>
      </span>
    </Tooltip>
  );
}

/** Ask for the workers now and then, as long as the page is looked at. */
export function useWorkers() {
  useEffect(() => {
    const ask = () => {
      if (document.visibilityState === "visible") void refreshWorkers();
    };
    ask();
    const timer = window.setInterval(ask, EVERY);
    document.addEventListener("visibilitychange", ask);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
}

const deviceName = (device: string) => (device === "cpu" ? "CPU" : device);

export function workerWords(all: readonly WorkerView[]): { text: string; why: string; missing: boolean } {
  const workers = all.filter((worker) => worker.connected);
  if (workers.length === 0) {
    return { text: "No worker connected", why: "Runs wait in the queue until one connects. “make run” starts the site with one; “python -m worker --site ADDRESS --token TOKEN” adds another machine.", missing: true };
  }
  const devices = [...new Set(workers.map((worker) => deviceName(worker.device)))].join(", ");
  const lines = workers.map((worker) => `${worker.name}: ${deviceName(worker.device)}, ${worker.busy} of ${worker.slots} busy`);
  return { text: `${workers.length} ${workers.length === 1 ? "worker" : "workers"}, ${devices}`, why: lines.join(". "), missing: false };
}
