import { Link, paths } from "../../routes";
import type { RunView } from "../../generated/types";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useExperiment } from "../../store/experiment";
import { isOver, useRun } from "../../store/run";
import { Chip } from "../../ui/Chip";
import { Button, IconButton } from "../../ui/Button";
import { Tooltip } from "../../ui/Tooltip";
import { ExperimentViews } from "../ExperimentViews";
import { forkRun } from "../fork";
import { stateWords } from "../runWords";
import { RunMenu } from "../RunMenu";
import { ShareButton } from "../share/ShareButton";
import { TakeButton } from "../take/TakeButton";
import { ThemeButton } from "../ThemeButton";
import { TopMark } from "../TopMark";
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
  const pressed = useRun((state) => state.pressed);
  const cut = useRun((state) => state.connection === "reconnecting");
  // What is shared is the experiment, which a run of a sweep is not called after.
  const published = useExperiment((state) => (state.id === experiment && state.status === "ready" ? state.name : null));
  return (
    <header className="top train-top">
      <TopMark />
      <h1 className="top-name">{run?.name ?? pressed ?? ""}</h1>
      <RunMenu experiment={experiment} current={session.run}>
        <StateChip run={run} pressed={pressed !== null} cut={cut} />
      </RunMenu>
      {run && <ExperimentViews experiment={experiment} mine={run.mine} current="Train" run={session.run} about={run.about} compared={[run.id]} />}
      <span className="top-space" />
      <Facts session={session} view={view} />
      <span className="top-line" />
      {run && !run.mine ? (
        <Tooltip text="Makes this run's network and recipe an experiment of your own">
          <Button icon="copy" onClick={() => void forkRun(run.id)}>
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
      {run?.mine && <ShareButton small experiment={experiment} name={published ?? run.name} run={run} />}
      <TakeButton run={run} />
      <IconButton label="Keys of this page" icon="keyboard" aria-keyshortcuts="?" onClick={onHelp} />
      <ThemeButton />
    </header>
  );
}

function StateChip({ run, pressed, cut }: { run: RunView | null; pressed: boolean; cut: boolean }) {
  if (cut)
    return (
      <Chip tone="warn" icon="offline">
        Reconnecting…
      </Chip>
    );
  if (!run)
    return pressed ? (
      <Chip tone="live" dot>
        Starting
      </Chip>
    ) : null;
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
