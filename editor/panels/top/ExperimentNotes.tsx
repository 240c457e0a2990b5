import { useEffect, useState } from "react";
import { keepMineAsCopy, takeTheirs } from "../../store/autosave";
import { useExperiment } from "../../store/experiment";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { agoWords } from "../runWords";

/** What must be said about the open experiment: work that was brought back, or two versions of it. */
export function ExperimentNotes() {
  const restored = useExperiment((state) => state.restored);
  useEffect(() => {
    if (restored) toast("Unsaved work of your last visit was brought back.");
  }, [restored]);
  return <Conflict />;
}

function Conflict() {
  const theirs = useExperiment((state) => state.theirs);
  const asking = useExperiment((state) => state.asking);
  const [copying, setCopying] = useState(false);
  if (!asking || !theirs) return null;
  const copy = async () => {
    setCopying(true);
    await keepMineAsCopy();
    setCopying(false);
  };
  return (
    <Dialog
      title="Changed in two places"
      width={480}
      onClose={() => useExperiment.setState({ asking: false })}
      footer={
        <>
          <Button onClick={takeTheirs}>Take the other version</Button>
          <Button look="main" aria-busy={copying} onClick={() => void copy()}>
            Keep mine as a copy
          </Button>
        </>
      }
    >
      <p>
        {theirs.name} was saved in another tab or browser {agoWords(theirs.updated)}, while you changed it here. Keep your version as an experiment of its own, or go on with the other one and lose your changes.
      </p>
    </Dialog>
  );
}
