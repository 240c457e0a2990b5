import { type FormEvent, useEffect, useState } from "react";
import { short, whole } from "../../charts/words";
import type { Outlook, RunView } from "../../generated/types";
import { api } from "../../net/api";
import { words } from "../../net/errors";
import { goOn } from "../../store/run";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { useEvery } from "../useEvery";
import { typedRate } from "./RateField";

/** Milliseconds after the last key before the site is asked anew. */
const PAUSE = 200;

/** Milliseconds between looks while something is missing, such as the worker. */
const AGAIN = 2_000;

/** "Train 1 more epoch" */
export const moreWords = (epochs: number) => `Train ${whole(epochs)} more ${epochs === 1 ? "epoch" : "epochs"}`;

/** The number that was typed; null where it is none from 1 to `most`. */
export function typedEpochs(text: string, most: number): number | null {
  const value = /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : Number.NaN;
  return value >= 1 && value <= most ? value : null;
}

/** How many more epochs, and what that would do, before it is asked for. */
export function MoreEpochs({ run, onClose }: { run: RunView; onClose: () => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const [rateTyped, setRateTyped] = useState("");
  const [answer, setAnswer] = useState<{ of: string; outlook?: Outlook; problem?: string } | null>(null);
  const [look, setLook] = useState(0);
  const [asking, setAsking] = useState(false);
  const outlook = answer?.outlook;
  const epochs = typed === null ? (outlook?.epochs ?? null) : typedEpochs(typed, outlook?.most ?? 500);
  const rate = rateTyped.trim() === "" ? null : typedRate(rateTyped);
  const rateWrong = rateTyped.trim() !== "" && rate === null;
  const asked = `${typed === null ? "" : (epochs ?? "?")} ${rateWrong ? "?" : (rate ?? "")}`;
  useEffect(() => {
    if (asked.includes("?")) return undefined;
    const stop = new AbortController();
    const [more = "", by = ""] = asked.split(" ");
    const ask = () => {
      api.outlook(run.id, more === "" ? null : Number(more), by === "" ? null : Number(by), stop.signal).then(
        (found) => setAnswer({ of: asked, outlook: found }),
        (error: unknown) => {
          if (!stop.signal.aborted) setAnswer((before) => ({ ...before, of: asked, problem: words(error) }));
        },
      );
    };
    const timer = setTimeout(ask, asked === " " ? 0 : PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [run.id, asked, look]);
  const waits = outlook !== undefined && (outlook.blocked !== null || outlook.anew);
  useEvery(waits ? AGAIN : null, () => setLook((count) => count + 1));
  const fresh = answer?.of === asked && !answer.problem;
  const blocked = outlook?.blocked ?? (epochs === null ? `Give a number from 1 to ${whole(outlook?.most ?? 500)}` : rateWrong ? "Give a rate from 0 to 100" : fresh ? null : "Looking what that would do");
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || epochs === null || !outlook || asking) return;
    setAsking(true);
    if (await goOn(epochs, rate, outlook.anew)) onClose();
    else setAsking(false);
  };
  return (
    <Dialog
      title={`Go on with run ${run.number}`}
      width={520}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="main" type="submit" form="more-epochs" aria-busy={asking} blocked={blocked}>
            {outlook?.anew && !outlook.blocked ? "Begin again" : epochs === null ? "Train more epochs" : moreWords(epochs)}
          </Button>
        </>
      }
    >
      <form id="more-epochs" className="more-epochs" onSubmit={(event) => void send(event)}>
        {!outlook?.blocked && (
          <div className="more-fields">
            <label>
              <span>More epochs</span>
              <span className="box">
              <input
                data-first=""
                inputMode="numeric"
                autoComplete="off"
                aria-invalid={epochs === null && outlook !== undefined ? true : undefined}
                value={typed ?? (outlook ? String(outlook.epochs) : "")}
                onChange={(event) => setTyped(event.target.value)}
                onKeyDown={(event) => {
                  const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
                  if (by === 0 || epochs === null) return;
                  event.preventDefault();
                  setTyped(String(Math.max(1, Math.min(outlook?.most ?? 500, epochs + by))));
                }}
              />
              </span>
            </label>
            <label>
              <span>Rate</span>
              <span className="box">
              <input
                inputMode="decimal"
                autoComplete="off"
                aria-invalid={rateWrong || undefined}
                placeholder={outlook ? short(outlook.rate) : ""}
                title="Empty: as the sentence below says. A number: set by hand from there on."
                value={rateTyped}
                onChange={(event) => setRateTyped(event.target.value)}
              />
              </span>
            </label>
            {outlook && <span className="muted">{`${whole(outlook.total_epochs)} epochs in all`}</span>}
          </div>
        )}
        <div className="more-words" role="status" data-stale={fresh || outlook?.blocked ? undefined : ""}>
          {answer?.problem && <p className="bad-words">{answer.problem}</p>}
          {outlook?.blocked && <p>{outlook.blocked}</p>}
          {outlook?.words.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          {outlook && !outlook.blocked && <p className="muted">The recipe stays as it is; the run keeps its curves, and notes beside the recipe where it was gone on with.</p>}
        </div>
      </form>
    </Dialog>
  );
}
