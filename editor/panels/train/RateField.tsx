import { type FocusEvent, useRef, useState } from "react";
import { short } from "../../charts/words";
import type { RunView } from "../../generated/types";
import type { LiveRun } from "../../live/live_run";
import type { RunSession } from "../../live/session";
import { command } from "../../store/run";
import { toast } from "../../store/ui";
import { Tooltip } from "../../ui/Tooltip";
import { DEFINITIONS } from "./definitions";

const HIGHEST = 100;

/** The rate that was typed, with a comma or a point; null where it is none that a run takes. */
export function typedRate(text: string): number | null {
  const value = text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
  return value >= 0 && value <= HIGHEST ? Number(value.toPrecision(4)) : null;
}

/** The rate in force: set by hand since the last step, else that of the last step; NaN before there is any. */
export function toldRate(live: Pick<LiveRun, "events" | "lastStep" | "progress" | "value">): number {
  const byHand = live.events.findLast((event) => event.name === "learning_rate");
  if (byHand && byHand.value !== null && byHand.step >= live.lastStep) return byHand.value;
  const measured = live.value("learning_rate");
  return Number.isFinite(measured) ? measured : (live.progress?.learning_rate ?? Number.NaN);
}

interface RateFieldProps {
  session: RunSession;
  run: RunView | null;
  /** Why the rate cannot be changed; null where it can. */
  blocked: string | null;
}

/** The learning rate of the moment: typed, halved or doubled. */
export function RateField({ session: { live }, run, blocked }: RateFieldProps) {
  const told = toldRate(live);
  const rate = Number.isFinite(told) ? told : Number((run?.recipe as { learning_rate?: number } | undefined)?.learning_rate ?? Number.NaN);
  const [typed, setTyped] = useState<string | null>(null);
  const entered = useRef(false);
  const wrong = typed !== null && typedRate(typed) === null;
  const ask = (value: number | null) => {
    if (value === null) toast(`The rate must be a number from 0 to ${HIGHEST}, such as 0.01.`, { tone: "bad" });
    else void command({ kind: "learning_rate", value });
  };
  const enter = (event: FocusEvent<HTMLInputElement>) => {
    if (blocked) return;
    entered.current = true;
    setTyped(Number.isFinite(rate) ? String(Number(rate.toPrecision(4))) : "");
    const field = event.currentTarget;
    // Once the plain number stands in the field.
    requestAnimationFrame(() => field.select());
  };
  return (
    <Tooltip text={blocked ?? DEFINITIONS.rate}>
      <div className="rate-field" data-blocked={blocked ? "" : undefined} data-wrong={wrong || undefined}>
        <span className="muted">Rate</span>
        <input
          aria-label="Learning rate"
          aria-invalid={wrong || undefined}
          inputMode="decimal"
          readOnly={blocked !== null}
          value={typed ?? (Number.isFinite(rate) ? short(rate) : "")}
          onFocus={enter}
          onMouseUp={(event) => {
            // The press that came here would put the caret in place of the selection.
            if (entered.current) event.preventDefault();
            entered.current = false;
          }}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => setTyped(null)}
          onKeyDown={(event) => {
            entered.current = false;
            if (event.key === "Enter" && typed !== null) {
              ask(typedRate(typed));
              if (!wrong) event.currentTarget.blur();
            }
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <button type="button" aria-label="÷2: halve the rate" disabled={blocked !== null} onClick={() => ask(typedRate(String(rate / 2)))}>
          ÷2
        </button>
        <button type="button" aria-label="×2: double the rate" disabled={blocked !== null} onClick={() => ask(typedRate(String(rate * 2)))}>
          ×2
        </button>
      </div>
    </Tooltip>
  );
}
