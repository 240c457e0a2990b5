import { SPEEDS, WHOLE_SECONDS } from "../../live/player";
import type { RunSession } from "../../live/session";
import { useRun } from "../../store/run";
import { togglePlay } from "../../store/time";
import { IconButton } from "../../ui/Button";
import { Select } from "../../ui/Select";

const NAMES: Record<number, string> = { 0.5: "½×" };

/** Plays the run from the step that is shown, or from its start; and how fast. */
export function PlayControls({ session, space }: { session: RunSession; space: boolean }) {
  const playing = useRun((state) => state.playing);
  const speed = useRun((state) => state.speed);
  const nothing = session.live.started ? null : "There is nothing to play yet";
  return (
    <span className="play-controls">
      <IconButton
        label={playing ? "Stop playing" : "Play the run"}
        {...(space ? { hint: "Space" } : {})}
        icon={playing ? "pause" : "play"}
        look="plain"
        blocked={nothing}
        aria-pressed={playing}
        onClick={togglePlay}
      />
      <Select
        aria-label="Speed of playing"
        title={`The whole run in ${WHOLE_SECONDS / speed} s`}
        className="speed-select"
        value={String(speed)}
        options={SPEEDS.map((one) => ({ value: String(one), label: NAMES[one] ?? `${one}×`, help: `The whole run in ${WHOLE_SECONDS / one} s` }))}
        onChoose={(value) => useRun.setState({ speed: Number(value) })}
      />
    </span>
  );
}
