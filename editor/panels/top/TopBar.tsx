import { Link, paths, type Route } from "../../routes";
import { useExperiment } from "../../store/experiment";
import { useStore } from "../../store";
import { IconButton } from "../../ui/Button";
import { Mark } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { ThemeButton } from "../ThemeButton";
import { DataPicker } from "./DataPicker";
import { NameField } from "./NameField";
import { SaveChip } from "./SaveChip";
import { Totals } from "./Totals";
import { TrainButton } from "./TrainButton";
import { WorkerChip } from "./WorkerChip";

/** The bar of the build and train views: which experiment, how much of it is saved, which view, what it costs, train. */
export function TopBar({ route }: { route: Route }) {
  const training = route.page === "train";
  return (
    <header className="top">
      <Tooltip text="All experiments" names>
        <Link className="top-mark" href={paths.home()} aria-label="All experiments">
          <Mark />
        </Link>
      </Tooltip>
      <span className="top-line" />
      <NameField />
      <SaveChip />
      <Views route={route} />
      {!training && <UndoRedo />}
      <span className="top-space" />
      {!training && <Totals />}
      {training && <WorkerChip />}
      <span className="top-line" />
      {!training && <DataPicker />}
      <ThemeButton />
      <TrainButton again={training} />
    </header>
  );
}

function Views({ route }: { route: Route }) {
  const id = useExperiment((state) => state.id);
  const latest = useExperiment((state) => state.runs[0]?.id ?? state.runs.at(-1)?.id);
  const here = route.page;
  const build = id === null ? (here === "train" ? paths.build(route.experiment) : null) : paths.build(id);
  const train = here === "train" ? paths.train(route.experiment, route.run) : id && latest ? paths.train(id, latest) : null;
  return (
    <nav className="tabs" aria-label="Views">
      <Tab href={build} current={here !== "train"} name="Build" />
      <Tab href={train} current={here === "train"} name="Train" reason="Nothing was trained yet: press Train" />
    </nav>
  );
}

function Tab({ href, current, name, reason }: { href: string | null; current: boolean; name: string; reason?: string }) {
  if (current) {
    return (
      <a href={href ?? "#content"} aria-current="page" onClick={(event) => event.preventDefault()}>
        {name}
      </a>
    );
  }
  if (href) return <Link href={href}>{name}</Link>;
  return (
    <Tooltip text={reason ?? ""}>
      <button type="button" aria-disabled="true">
        {name}
      </button>
    </Tooltip>
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
