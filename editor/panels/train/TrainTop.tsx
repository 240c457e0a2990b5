import { Link, navigate, paths } from "../../routes";
import type { ExperimentView, RunView } from "../../generated/types";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { request } from "../../net/api";
import { words } from "../../net/errors";
import type { Connection } from "../../net/socket";
import { isOver, useRun } from "../../store/run";
import { toast } from "../../store/ui";
import { Chip } from "../../ui/Chip";
import { Button, IconButton } from "../../ui/Button";
import { Mark } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { stateWords } from "../runWords";
import { RunMenu } from "../RunMenu";
import { ShareButton } from "../share/ShareButton";
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
        {run?.about && <Link href={paths.about(experiment)}>About</Link>}
        {run && <Link href={run.mine ? paths.compareExperiment(experiment) : paths.compare([run.id])}>Compare</Link>}
      </nav>
      <span className="top-space" />
      <Facts session={session} view={view} />
      <span className="top-line" />
      {run && !run.mine ? (
        <Tooltip text="Makes this run's network and recipe an experiment of your own">
          <Button icon="copy" onClick={() => void fork(run)}>
            Fork
          </Button>
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
      {run?.mine && <ShareButton small experiment={experiment} name={run.name} run={run} />}
      <TakeButton run={run} />
      <IconButton label="Keys of this page" icon="keyboard" aria-keyshortcuts="?" onClick={onHelp} />
      <ThemeButton />
    </header>
  );
}

/** What a stranger may do with a run: go on from its network. */
async function fork(run: RunView) {
  try {
    const made = await request<ExperimentView>(`/api/runs/${run.id}/fork`, { method: "POST" });
    toast(`${made.name} is a fork of your own.`);
    navigate(paths.build(made.id));
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
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
