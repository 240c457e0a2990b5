import { useExperiment } from "../../store/experiment";
import { useStore } from "../../store";
import { IconButton } from "../../ui/Button";
import { ExperimentViews } from "../ExperimentViews";
import { newestFirst } from "../side/RunList";
import { ThemeButton } from "../ThemeButton";
import { TopMark } from "../TopMark";
import { DataPicker } from "./DataPicker";
import { NameField } from "./NameField";
import { SaveChip } from "./SaveChip";
import { Totals } from "./Totals";
import { TrainButton } from "./TrainButton";

/** The bar over the build view: which experiment, which view, what it costs, its data, and Train. */
export function TopBar() {
  const id = useExperiment((state) => state.id);
  const runs = useExperiment((state) => state.runs);
  return (
    <header className="top">
      <TopMark />
      <NameField />
      <SaveChip />
      <ExperimentViews experiment={id} mine current="Build" run={newestFirst(runs)[0]?.id ?? null} />
      <UndoRedo />
      <span className="top-space" />
      <Totals />
      <span className="top-line" />
      <DataPicker />
      <ThemeButton />
      <TrainButton />
    </header>
  );
}

function UndoRedo() {
  const past = useStore((state) => state.past.at(-1)?.label);
  const future = useStore((state) => state.future[0]?.label);
  const undo = useStore((state) => state.undo);
  const redo = useStore((state) => state.redo);
  const nothing = (what: string) => `Nothing to ${what}`;
  return (
    <span className="top-undo">
      <IconButton label={past ? `Undo: ${past}` : "Undo"} icon="undo" blocked={past === undefined ? nothing("undo") : null} onClick={undo} />
      <IconButton label={future ? `Redo: ${future}` : "Redo"} icon="redo" blocked={future === undefined ? nothing("redo") : null} onClick={redo} />
    </span>
  );
}
