import { useStore } from "../../store";
import { firstErrorNode, trainBlockedReason } from "../../store/analysis";
import { useExperiment } from "../../store/experiment";
import { startTraining } from "../../store/training";
import { showSide } from "../../store/ui";
import { Button } from "../../ui/Button";

/** Saves what is unsaved, queues a run and goes there. Blocked, it says why and leads to the block. */
export function TrainButton() {
  const ready = useExperiment((state) => state.status === "ready");
  const network = useStore(trainBlockedReason);
  const culprit = useStore(firstErrorNode);
  const recipe = useExperiment((state) => Object.values(state.invalid)[0] ?? null);
  const blocked = network ?? recipe;
  if (!ready) return null;
  const show = network === null ? showRecipe : culprit === null ? undefined : () => useStore.getState().select([culprit]);
  return (
    <Button
      look="main"
      icon="play"
      className="train-button"
      blocked={blocked}
      {...(show ? { onBlocked: show } : {})}
      onClick={() => void startTraining()}
    >
      {label(blocked)}
    </Button>
  );
}

/** The field that holds what cannot be taken. */
function showRecipe() {
  useStore.getState().select([]);
  showSide("recipe");
  window.setTimeout(() => document.querySelector<HTMLElement>(".side [data-error] input")?.focus());
}

/** A short reason stands on the button itself; a longer one is read on hover and focus. */
const label = (blocked: string | null): string => (blocked && /^(Fix|Add) /.test(blocked) ? blocked : "Train");
