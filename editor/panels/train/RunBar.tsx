import { useState } from "react";
import { whole } from "../../charts/words";
import type { Command, RunView } from "../../generated/types";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { command, isOver, useRun } from "../../store/run";
import { goLive, spaceDoes } from "../../store/time";
import { Button, IconButton } from "../../ui/Button";
import { picturesOf } from "./moment_words";
import { PlayControls } from "./PlayControls";
import { RateField } from "./RateField";
import { TimeLine } from "./TimeLine";
import { lazily } from "../../ui/lazily";

const MoreEpochs = lazily(() => import("./MoreEpochs").then((module) => module.MoreEpochs));

interface RunBarProps {
  session: RunSession;
  view: TimeView;
  onAgain: () => void;
}

/** Why the controls cannot be used now; null where they can. */
export function whyNot(run: RunView | null): string | null {
  if (!run) return "The run is loading";
  if (!run.mine) return "Only the owner of this run can steer it. Fork it to train your own.";
  if (run.state === "queued") return run.started ? "The run waits for a worker to go on" : "The run has not started yet";
  if (run.state === "lost") return "The run lost its worker, and waits for another";
  if (isOver(run)) return "The run is over";
  return null;
}

/** Pause, step, stop; the rate; the time line; back to live. */
export function RunBar({ session, view, onAgain }: RunBarProps) {
  const run = useRun((state) => state.run);
  const pending = useRun((state) => state.pending);
  const at = useRun((state) => state.frozen);
  const playing = useRun((state) => state.playing);
  const space = spaceDoes({ run, frozen: at !== null, playing });
  useBeat(250);
  const frozen = at !== null;
  const shown = Math.round(at ?? session.live.lastStep);
  return (
    <footer className="run-bar">
      {isOver(run) ? <OverControls run={run} onAgain={onAgain} /> : <LiveControls session={session} run={run} pending={pending} space={space === "train"} />}
      <RateField session={session} run={run} blocked={whyNot(run)} />
      <PlayControls session={session} space={space === "play"} />
      <TimeLine session={session} view={view} />
      <Shown session={session} step={shown} frozen={frozen} />
      <Button className="live-button" aria-pressed={!frozen} onClick={goLive} title={frozen ? "Follow the run again" : "The page follows the run"}>
        <span className="chip-dot" />
        {isOver(run) ? "End" : "Live"}
      </Button>
    </footer>
  );
}

/** The step of the charts, and that of the pictures where the nearest that were kept are older. */
function Shown({ session, step, frozen }: { session: RunSession; step: number; frozen: boolean }) {
  const words = frozen ? picturesOf(session.inside, step) : null;
  return (
    <div className="fact fact-right shown-fact">
      <small>{words ?? "Shown"}</small>
      <span className="number">{whole(step)}</span>
    </div>
  );
}

/** Beside Pause while the page follows training, beside Play otherwise: what the space bar does now. */
const SPACE = <kbd className="key">Space</kbd>;

function LiveControls({ session, run, pending, space }: { session: RunSession; run: RunView | null; pending: Command["kind"] | null; space: boolean }) {
  const blocked = whyNot(run);
  const paused = run?.state === "paused";
  const label = pending === "pause" ? "Pausing" : pending === "resume" ? "Resuming" : paused ? "Resume" : "Pause";
  const waiting = run?.state === "queued" || run?.state === "lost";
  return (
    <>
      <Button look="main" className="pause-button" icon={paused ? "play" : "pause"} blocked={blocked} title={space ? "Space" : "Space plays what is past while the page stands still"} onClick={() => void command({ kind: paused ? "resume" : "pause" })}>
        {label}
        {space && SPACE}
      </Button>
      <IconButton label="Train one step" icon="step" look="plain" blocked={blocked ?? (paused ? null : "Only while paused")} onClick={() => void command({ kind: "step" })} />
      <IconButton
        label={waiting ? "Take the run out of the queue" : "Stop the run; what it has learnt is kept"}
        icon="stop"
        look="plain"
        blocked={waiting && run?.mine ? null : blocked}
        onClick={() => void command({ kind: "stop" })}
      />
      <IconButton label={savedWords(session)} icon="save" look="plain" blocked={blocked} aria-busy={pending === "checkpoint"} onClick={() => void command({ kind: "checkpoint" })} />
    </>
  );
}

function OverControls({ run, onAgain }: { run: RunView | null; onAgain: () => void }) {
  const [more, setMore] = useState(false);
  const others = run?.mine ? null : "Only the owner of this experiment can train it again";
  return (
    <>
      <Button look="main" icon="play" blocked={others} title="Go on with this run: same curves, more epochs" onClick={() => setMore(true)}>
        Train more
      </Button>
      <Button blocked={others} title="A new run from the first step, with the network and recipe as they are on the build page" onClick={onAgain}>
        Train again
      </Button>
      {more && run && <MoreEpochs run={run} onClose={() => setMore(false)} />}
    </>
  );
}

/** What the button for a checkpoint does, and where the last one was written. */
export function savedWords({ live }: RunSession): string {
  const last = live.events.findLast((event) => event.name === "checkpoint");
  return last ? `Save a checkpoint now; the last is of step ${whole(last.step)}` : "Save a checkpoint now: the run can go on from it if its worker breaks off";
}

/** True where the focus is in a field or on a control that uses the space bar itself; a slider does not. */
export function usesSpace(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input:not([type=range]), textarea, select, button, a, summary, dialog, [contenteditable]") !== null;
}
