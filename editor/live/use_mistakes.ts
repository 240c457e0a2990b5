import { useEffect, useState } from "react";
import { fetchFrames } from "./fetch";
import { Inside, type MistakesView, type Split } from "./inside";
import { painter } from "./painter";
import type { RunSession } from "./session";

type BySplit = ReadonlyMap<Split, MistakesView>;
const NONE: BySplit = new Map();

/**
 * The mistakes at the moment that is shown. Live ones come with the stream; older ones are large and seldom looked at, so that
 * they are fetched only while somebody does: once on joining and at the run's end, and for each evaluation of a frozen page.
 */
export function useMistakes(session: RunSession, over: boolean): BySplit {
  const [past, setPast] = useState<{ run: string; step: number; mistakes: BySplit } | null>(null);
  const still = session.still !== null;
  const evaluated = newestStep(session.inside);
  const any = evaluated >= 0;
  const at = still ? evaluated : null;
  useEffect(() => {
    if (!any) return undefined;
    let wanted = true;
    fetchFrames(session.run, at, "mistakes").then(
      (records) => {
        if (!wanted) return;
        const then = new Inside();
        for (const record of records) then.take(record);
        if (at === null) catchUp(session.live.inside, then);
        else setPast({ run: session.run, step: at, mistakes: then.mistakes });
        painter.ask();
      },
      (error: unknown) => console.error("The images of mistakes could not be read.", error),
    );
    return () => {
      wanted = false;
    };
  }, [session, at, any, over]);
  if (!still) return session.live.inside.mistakes;
  return past?.run === session.run && past.step === at ? past.mistakes : NONE;
}

/** Step of the newest evaluation of any part; −1 where there is none. */
export function newestStep(inside: Inside): number {
  return Math.max(-1, ...Array.from(inside.evaluations.values(), (evaluation) => evaluation.step));
}

/** Fetched mistakes never replace newer ones that came live meanwhile. */
function catchUp(live: Inside, fetched: Inside): void {
  for (const [split, mistakes] of fetched.mistakes) {
    if ((live.mistakes.get(split)?.step ?? -1) < mistakes.step) live.mistakes.set(split, mistakes);
  }
}
