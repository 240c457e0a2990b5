import { useStore } from "../../store";
import { firstErrorNode, trainBlockedReason } from "../../store/analysis";
import { useExperiment } from "../../store/experiment";
import { startTraining } from "../../store/training";
import { Button } from "../../ui/Button";

/** Saves what is unsaved, queues a run and goes there. Blocked, it says why and leads to the block. */
export function TrainButton() {
  const ready = useExperiment((state) => state.status === "ready");
  const starting = useExperiment((state) => state.starting);
  const blocked = useStore(trainBlockedReason);
  const culprit = useStore(firstErrorNode);
  if (!ready) return null;
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
      {label(blocked, starting)}
    </Button>
  );
}

/** A short reason stands on the button itself; a longer one is read on hover and focus. */
function label(blocked: string | null, starting: boolean): string {
  if (blocked && /^(Fix|Add) /.test(blocked)) return blocked;
  return starting ? "Starting" : "Train";
}
