// Moving through a run: by the slider, by keys, by playing, and by the address.
import { epochFrom, rowFrom } from "../live/rows";
import { navigate } from "../routes";
import { freeze, hasWorker, isOver, useRun } from "./run";

const get = useRun.getState;

/** The address changes so long after the last move: browsers refuse more than a few changes a second. */
const ADDRESS_AFTER = 400;

/** Goes to a step and stops playing; the last step is live, or the end. */
export function goTo(step: number): void {
  const { session, player } = get();
  if (!session?.live.started) return;
  player?.stop();
  const to = Math.max(0, Math.round(step));
  freeze(to >= session.live.lastStep ? null : to);
}

/** Follows the run again. */
export function goLive(): void {
  get().player?.stop();
  freeze(null);
}

export function togglePlay(): void {
  const { player, session } = get();
  if (!player || !session?.live.started) return;
  if (player.playing) player.stop();
  else player.play();
}

/** What the space bar does now: it plays what is past, and pauses training where the page follows a run that trains. */
export function spaceDoes({ run, frozen, playing }: { run: Parameters<typeof isOver>[0]; frozen: boolean; playing: boolean }): "play" | "train" | null {
  if (frozen || playing || isOver(run)) return "play";
  return hasWorker(run) && run?.mine ? "train" : null;
}

/** The step a key leads to from the one that is shown; null for a key that leads nowhere. */
export function stepOfKey(key: string, shift: boolean): number | null {
  const { session, view } = get();
  if (!session || !view) return null;
  const { live } = session;
  const shown = view.frozen ?? live.lastStep;
  const rows = shift ? 10 : 1;
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return rowFrom(live, shown, -rows);
    case "ArrowRight":
    case "ArrowUp":
      return rowFrom(live, shown, rows);
    case "PageDown":
    case "[":
      return epochFrom(live, shown, -1);
    case "PageUp":
    case "]":
      return epochFrom(live, shown, 1);
    case "Home":
      return 0;
    case "End":
      return live.lastStep;
    default:
      return null;
  }
}

/** The step that an address names: "?step=1200". */
export function stepIn(search: string): number | null {
  const words = new URLSearchParams(search).get("step");
  return words !== null && /^\d{1,10}$/.test(words) ? Number(words) : null;
}

/** The address with the step in it, or without one. */
export function withStep(path: string, search: string, step: number | null): string {
  const asked = new URLSearchParams(search);
  asked.delete("step");
  if (step !== null) asked.set("step", String(Math.round(step)));
  const rest = asked.toString();
  return rest ? `${path}?${rest}` : path;
}

/**
 * Goes to the step that the address names once the run is there, and writes the shown step into it. Returns the way to stop.
 * A step that the run has not reached yet is passed over.
 */
export function followAddress(): () => void {
  const { pathname } = window.location;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const open = () => {
    const { session, player } = get();
    const step = stepIn(window.location.search);
    player?.stop();
    freeze(step !== null && session && step < session.live.lastStep ? step : null);
  };
  let opened = get().ready;
  if (opened) open();
  const write = () => {
    timer = null;
    const { view } = get();
    if (view && window.location.pathname === pathname) navigate(withStep(pathname, window.location.search, view.frozen), { replace: true });
  };
  let written = get().frozen; // the address that was just opened names it
  const stop = useRun.subscribe(({ ready }) => {
    if (ready && !opened) {
      opened = true;
      if (stepIn(window.location.search) !== null) open();
    }
    const { frozen } = get(); // opening may just have changed it
    if (!opened || frozen === written) return;
    written = frozen;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(write, ADDRESS_AFTER);
  });
  const moved = () => {
    if (stepIn(window.location.search) !== get().view?.frozen) open();
  };
  window.addEventListener("popstate", moved);
  return () => {
    stop();
    window.removeEventListener("popstate", moved);
    if (timer !== null) clearTimeout(timer);
  };
}
