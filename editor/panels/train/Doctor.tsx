import { useState } from "react";
import type { Finding } from "../../live/doctor";
import { short } from "../../charts/words";
import { Button, IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { choose, command, freeze, isLive, useRun } from "../../store/run";

/** What is wrong with the run, since when, and what to do. One at a time; the rest are one press away. */
export function Doctor({ findings, rate }: { findings: Finding[]; rate: number | null }) {
  const [shown, setShown] = useState(0);
  const run = useRun((state) => state.run);
  if (findings.length === 0) return null;
  const index = Math.min(shown, findings.length - 1);
  const finding = findings[index] as Finding;
  const slower = finding.slower && isLive(run) && run?.mine && rate ? Number((rate / 2.5).toPrecision(1)) : null;
  return (
    <section className="doctor" data-tone={finding.tone} aria-label="Health of the run">
      <p key={finding.id} className="unseen" role="alert">
        {finding.title}
      </p>
      <header>
        <Icon name="pulse" />
        <h2>{finding.title}</h2>
        {findings.length > 1 && (
          <IconButton label={`Next of ${findings.length} notices`} icon="right" size="small" onClick={() => setShown((index + 1) % findings.length)} />
        )}
      </header>
      <p>{finding.text}</p>
      <div className="doctor-ways">
        {slower !== null && (
          <Button look="main" size="small" onClick={() => void command({ kind: "learning_rate", value: slower })}>
            {`Rate to ${short(slower)}`}
          </Button>
        )}
        {finding.layer !== null && (
          <Button size="small" onClick={() => choose(finding.layer as string)}>
            Show layer
          </Button>
        )}
        {finding.since !== null && (
          <Button size="small" look="quiet" onClick={() => freeze(finding.since)}>
            {`Go to ${finding.since.toLocaleString("en-GB")}`}
          </Button>
        )}
      </div>
    </section>
  );
}
