import { useStore } from "../../store";
import { firstErrorNode, trainBlockedReason } from "../../store/analysis";
import { useExperiment } from "../../store/experiment";
import { startTraining } from "../../store/training";
import { Button } from "../../ui/Button";

/** Saves what is unsaved, queues a run and goes there. Blocked, it says why and leads to the block. */
export function TrainButton({ again = false }: { again?: boolean }) {
  const ready = useExperiment((state) => state.status === "ready");
  const starting = useExperiment((state) => state.starting);
  const blocked = useStore(trainBlockedReason);
  const culprit = useStore(firstErrorNode);
  if (!ready) return null;
  const label = starting ? "Starting" : again ? "Train again" : "Train";
  const show = () => culprit && useStore.getState().select([culprit]);
  return (
    <Button
      look="main"
      icon="play"
      className="train-button"
      blocked={blocked}
      aria-busy={starting || undefined}
      {...(culprit ? { onBlocked: show } : {})}
      onClick={() => void startTraining()}
      onPointerEnter={() => void import("../../pages/TrainPage")}
    >
      {blocked && !again ? blocked : label}
    </Button>
  );
}
