import { useEffect, useState } from "react";
import type { RunView, Takeaway } from "../../generated/types";
import { api } from "../../net/api";
import { words } from "../../net/errors";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon, type IconName } from "../../ui/Icon";
import { valueText } from "../counting";
import { useEvery } from "../useEvery";
import "./take.css";

/** Milliseconds between looks while something is not there yet. */
const AGAIN = 2_000;

const GROUPS: { id: Takeaway["group"]; title: string; icon: IconName }[] = [
  { id: "network", title: "The trained network", icon: "layers" },
  { id: "document", title: "The run as a document", icon: "save" },
  { id: "numbers", title: "The numbers", icon: "table" },
];

/** Every file that can be made of a run: what it is for, how large it is, or why it is not there yet. */
export function TakeDialog({ run, onClose }: { run: RunView; onClose: () => void }) {
  const [found, setFound] = useState<Takeaway[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [look, setLook] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    api.takeaways(run.id, stop.signal).then(
      (answer) => {
        setFound(answer);
        setProblem(null);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setProblem(words(error));
      },
    );
    return () => stop.abort();
  }, [run, look]);
  const waits = found?.some((each) => each.blocked !== null) ?? true;
  useEvery(waits ? AGAIN : null, () => setLook((count) => count + 1));
  return (
    <Dialog title="Take it with you" onClose={onClose} width={640}>
      {problem && (
        <p className="take-problem" role="alert">
          {problem}
        </p>
      )}
      {found && GROUPS.map(({ id, title, icon }) => <Group key={id} title={title} icon={icon} items={found.filter((each) => each.group === id)} />)}
    </Dialog>
  );
}

function Group({ title, icon, items }: { title: string; icon: IconName; items: Takeaway[] }) {
  if (items.length === 0) return null;
  return (
    <section className="take-group">
      <h3>
        <Icon name={icon} />
        {title}
      </h3>
      <ul>
        {items.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Row({ item }: { item: Takeaway }) {
  const much = [item.size === null ? "" : valueText("weight_bytes", item.size), item.fact].filter(Boolean).join(", ");
  return (
    <li className="take-row" data-blocked={item.blocked ? "" : undefined}>
      <div>
        <strong>{item.title}</strong>
        {much && <span className="take-much">{much}</span>}
        <p>{item.blocked ?? (item.use.includes("`") ? withCode(item.use) : item.use)}</p>
      </div>
      {item.blocked ? (
        <Button size="small" icon="download" blocked={item.blocked} aria-label={`${item.title}: not there yet`} />
      ) : (
        <a className="button" data-size="small" href={item.href} download={item.file} aria-label={`Download ${item.title}`} title={item.file}>
          <Icon name="download" />
        </a>
      )}
    </li>
  );
}

/** Words between back quotes are what one types. */
function withCode(text: string) {
  const [before, code, after] = text.split("`");
  return (
    <>
      {before}
      <code>{code}</code>
      {after}
    </>
  );
}
