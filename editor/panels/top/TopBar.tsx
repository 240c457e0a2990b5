import type { ReactNode } from "react";
import { Link, paths, type Route } from "../../routes";
import { useExperiment } from "../../store/experiment";
import { useStore } from "../../store";
import { IconButton } from "../../ui/Button";
import { Mark } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { newestFirst } from "../side/RunList";
import { ThemeButton } from "../ThemeButton";
import { DataPicker } from "./DataPicker";
import { NameField } from "./NameField";
import { SaveChip } from "./SaveChip";
import { Totals } from "./Totals";
import { TrainButton } from "./TrainButton";

/** Runs that Compare begins with. */
export const PRESELECTED = 6;

interface TopBarProps {
  route: Route;
  /** On the train view: the run's state, what stands at the right, and the name where the experiment is not the visitor's. */
  chip?: ReactNode;
  facts?: ReactNode;
  title?: string;
}

/** The bar over a view: which experiment, its state, which view; building, what it costs, its data, and Train. */
export function TopBar({ route, chip, facts, title }: TopBarProps) {
  const building = route.page !== "train";
  return (
    <header className="top">
      <Tooltip text="All experiments" names>
        <Link className="top-mark" href={paths.home()} aria-label="All experiments">
          <Mark />
        </Link>
      </Tooltip>
      <span className="top-line" />
      <NameField {...(title === undefined ? {} : { title })} />
      {building ? <SaveChip /> : chip}
      <Views route={route} />
      {building && <UndoRedo />}
      <span className="top-space" />
      {building ? <Totals /> : facts}
      <span className="top-line" />
      {building && <DataPicker />}
      <ThemeButton />
      {building && <TrainButton />}
    </header>
  );
}

function Views({ route }: { route: Route }) {
  const id = useExperiment((state) => state.id);
  const runs = useExperiment((state) => state.runs);
  const latest = newestFirst(runs)[0];
  const here = route.page === "train";
  return (
    <nav className="tabs" aria-label="Views">
      <Tab name="Build" current={!here} href={here ? paths.build(route.experiment) : null} />
      <Tab name="Train" current={here} href={id !== null && latest ? paths.train(id, latest.id) : null} />
      <Tab name="About" current={false} href={id === null ? null : paths.about(id)} why="Save the network first: a draft has no past" />
      <Tab name="Compare" current={false} href={paths.compare(newestFirst(runs).slice(0, PRESELECTED).map((run) => run.id))} />
    </nav>
  );
}

function Tab({ name, current, href, why = "Nothing was trained yet: press Train" }: { name: string; current: boolean; href: string | null; why?: string }) {
  if (current) {
    return (
      <a href="#content" aria-current="page" onClick={(event) => event.preventDefault()}>
        {name}
      </a>
    );
  }
  if (href !== null) return <Link href={href}>{name}</Link>;
  return (
    <Tooltip text={why}>
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
