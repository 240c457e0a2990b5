import { Link, navigate, paths } from "../../routes";
import type { RunView } from "../../generated/types";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import type { Connection } from "../../net/socket";
import { newSlot, writeDraft } from "../../store/persist";
import { isOver, useRun } from "../../store/run";
import { Chip } from "../../ui/Chip";
import { Button, IconButton } from "../../ui/Button";
import { Mark } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { stateWords } from "../runWords";
import { RunMenu } from "../RunMenu";
import { TakeButton } from "../take/TakeButton";
import { ThemeButton } from "../ThemeButton";
import { Facts } from "./Facts";

interface TrainTopProps {
  experiment: string;
  session: RunSession;
  view: TimeView;
  onHelp: () => void;
}

/** Which run, how it goes, and the way back to the network. */
export function TrainTop({ experiment, session, view, onHelp }: TrainTopProps) {
  const run = useRun((state) => state.run);
  const connection = useRun((state) => state.connection);
  return (
    <header className="top train-top">
      <Tooltip text="All experiments" names>
        <Link className="top-mark" href={paths.home()} aria-label="All experiments">
          <Mark />
        </Link>
      </Tooltip>
      <span className="top-line" />
      <h1 className="top-name">{run?.name ?? ""}</h1>
      <RunMenu current={session.run}>
        <StateChip run={run} connection={connection} />
      </RunMenu>
      <nav className="tabs" aria-label="Views">
        {run?.mine && <Link href={paths.build(experiment)}>Build</Link>}
        <a href={paths.train(experiment, session.run)} aria-current="page" onClick={(event) => event.preventDefault()}>
          Train
        </a>
        {run?.mine && <Link href={paths.about(experiment)}>About</Link>}
        {run && <Link href={run.mine ? paths.compareExperiment(experiment) : paths.compare([run.id])}>Compare</Link>}
      </nav>
      <span className="top-space" />
      <Facts session={session} view={view} />
      <span className="top-line" />
      {run && !run.mine ? (
        <Tooltip text="Opens this run's network and recipe as a draft of your own">
          <Button onClick={() => copyOf(run)}>Build on this</Button>
        </Tooltip>
      ) : isOver(run) ? (
        <Link className="button" href={paths.build(experiment)}>
          Back to build
        </Link>
      ) : (
        <Button look="quiet" icon="lock" blocked="The figure is this run's own copy: it cannot be edited while it trains. Build holds the network you go on with.">
          Locked
        </Button>
      )}
      <TakeButton run={run} />
      <IconButton label="Keys of this page" icon="keyboard" aria-keyshortcuts="?" onClick={onHelp} />
      <ThemeButton />
    </header>
  );
}

/** What a stranger may do with a run: go on from its network. */
function copyOf({ name, network, recipe }: RunView) {
  const slot = newSlot();
  writeDraft({ slot, version: null, name, notes: "", recipe, network, changed: Date.now() });
  navigate(paths.kept(slot));
}

function StateChip({ run, connection }: { run: RunView | null; connection: Connection }) {
  if (connection === "reconnecting")
    return (
      <Chip tone="warn" icon="offline">
        Reconnecting…
      </Chip>
    );
  if (!run) return null;
  const state = stateWords(run);
  if (!state) return <Chip tone="good">{`Run ${run.number}, finished`}</Chip>;
  // The per cent stand beside it, as steps.
  return (
    <span title={run.words || undefined}>
      <Chip tone={state.tone} dot={state.moving}>
        {`Run ${run.number}, ${state.text.split(", ")[0]}`}
      </Chip>
    </span>
  );
}
