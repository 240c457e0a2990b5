import { useState } from "react";
import { whole } from "../../charts/words";
import type { Alert, AlertRemedy, Failed } from "../../generated/types";
import { parted, shownAlert } from "../../live/alerts";
import type { RunSession } from "../../live/session";
import { navigate, paths } from "../../routes";
import { choose, command, freeze, hasWorker, openAlert, startTwin, useRun } from "../../store/run";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";

/** Remedies that fit beside "go to the moment". */
const MOST_REMEDIES = 2;

/** What is wrong with the run, since when, what is still fine and what to do. One alert is open, the others are listed. */
export function Doctor({ session, alerts }: { session: RunSession; alerts: Alert[] }) {
  const chosen = useRun((state) => state.alert);
  const failed = session.live.failed;
  const { open, over } = parted(alerts);
  const shown = shownAlert(alerts, chosen);
  const broken = failed && !alerts.some((alert) => alert.level === "error") ? failed : null;
  if (!shown && !broken && over.length === 0) return null;
  const others = [...open, ...over].filter((alert) => alert !== shown);
  const tone = broken || shown?.level === "error" ? "bad" : shown?.ended === null ? "warn" : "good";
  return (
    <section className="doctor" data-tone={tone} aria-label="Health of the run">
      <Spoken alerts={session.live.alerts.all} broken={broken} />
      {broken && <BrokenOff failed={broken} />}
      {shown && <Open key={shown.id} alert={shown} />}
      {others.length > 0 && (
        <ul className="doctor-others" aria-label="Other alerts">
          {others.map((alert) => (
            <li key={alert.id}>
              <button type="button" data-over={alert.ended !== null || undefined} onClick={() => openAlert(alert.id)}>
                <span>{alert.title}</span>
                <span className="doctor-when">{alert.ended === null ? `since ${whole(alert.since)}` : `over at ${whole(alert.ended)}`}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Said at once by screen readers, the newest alone: what was told before has been heard. */
function Spoken({ alerts, broken }: { alerts: Alert[]; broken: Failed | null }) {
  const newest = alerts.at(-1);
  const words = broken ? endedAt(broken.step) : newest ? (newest.ended === null ? newest.title : `Over at step ${whole(newest.ended)}: ${newest.title}`) : "";
  return (
    <p key={words} className="unseen" role="alert">
      {words}
    </p>
  );
}

function Open({ alert }: { alert: Alert }) {
  const [busy, setBusy] = useState(false);
  const run = useRun((state) => state.run);
  const commands = hasWorker(run) && run?.mine === true && alert.ended === null;
  const usable = alert.remedies.filter((remedy) => remedy.twin !== "" || commands).slice(0, MOST_REMEDIES);
  const take = async (remedy: AlertRemedy) => {
    if (remedy.twin === "") return void command({ kind: "learning_rate", value: remedy.rate });
    setBusy(true);
    const twin = await startTwin(alert.id, remedy.id);
    setBusy(false);
    if (twin) navigate(paths.train(twin.experiment, twin.id));
    return undefined;
  };
  return (
    <article className="doctor-alert">
      <header>
        <Icon name={alert.ended === null ? "pulse" : "check"} />
        <h2>{alert.title}</h2>
      </header>
      <p>
        {alert.ended !== null && <b>{`Recovered at step ${whole(alert.ended)}. `}</b>}
        {[alert.evidence, alert.fine].filter(Boolean).join(" ")}
      </p>
      <div className="doctor-ways">
        {usable.map((remedy, index) => (
          <Button
            key={remedy.id}
            size="small"
            look={index === 0 ? "main" : "plain"}
            blocked={busy ? "The twin is being made" : null}
            title={remedy.twin === "" ? "Changes this run from its next step on" : `Trains a twin named “${run?.name ?? ""}, ${remedy.twin}”: the same seed, this one change`}
            onClick={() => void take(remedy)}
          >
            {remedy.label}
          </Button>
        ))}
        <Button size="small" look="quiet" onClick={() => goTo(alert)}>
          {`Go to ${whole(alert.since)}`}
        </Button>
      </div>
      <details className="doctor-why">
        <summary>Why</summary>
        <p>{alert.why}</p>
      </details>
    </article>
  );
}

/** To the moment it began, with its layer before the eyes. */
function goTo(alert: Alert) {
  if (alert.layer !== null) choose(alert.layer);
  freeze(alert.since);
}

const endedAt = (step: number) => `The run ended at step ${whole(step)}`;

/** A run that could not go on for another reason than its numbers. */
function BrokenOff({ failed }: { failed: Failed }) {
  return (
    <article className="doctor-alert">
      <header>
        <Icon name="pulse" />
        <h2>{endedAt(failed.step)}</h2>
      </header>
      <p>{`${failed.message} ${failed.hint}`}</p>
    </article>
  );
}
