import { percent, short } from "../../charts/words";
import type { RunSession } from "../../live/session";
import { useBeat } from "../../live/use_beat";

/** Live values for those who listen: at each epoch, not at each step. */
export function EpochNews({ session }: { session: RunSession }) {
  useBeat(1000);
  const { live } = session;
  const steps = live.started?.steps_per_epoch ?? 0;
  const epoch = steps > 0 ? Math.floor(live.lastStep / steps) : 0;
  const at = epoch * steps;
  const words =
    epoch === 0
      ? ""
      : `Epoch ${epoch}: loss ${short(live.value("loss", null, at))}, held out ${percent(live.heldOut("accuracy", at))} right.`;
  return (
    <p className="unseen" aria-live="polite">
      {words}
    </p>
  );
}
