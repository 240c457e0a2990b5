import { useEffect, useState } from "react";
import type { NewLink, SharingView } from "../../generated/types";
import { isAbort, words } from "../../net/errors";
import { sharingApi } from "../../net/sharing";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Copied } from "./Copied";
import { Links } from "./Links";
import { MakeLink } from "./MakeLink";
import { frameCode } from "./shareWords";
import "./share.css";

type Visibility = SharingView["visibility"];

interface Props {
  experiment: string;
  name: string;
  run?: { id: string; number: number } | null;
  onClose: () => void;
}

const CHOICES: { value: Visibility; title: string; says: string }[] = [
  { value: "private", title: "Private", says: "You alone, and whoever you give the address of a run." },
  { value: "link", title: "By link", says: "Whoever has a link that you make, without an account. Search engines stay out." },
  { value: "public", title: "Public", says: "In the gallery, for everybody." },
];

/** Who may see an experiment: nobody, whoever has a link, everybody; its links; and how to show it on another page. */
export function ShareDialog({ experiment, name, run = null, onClose }: Props) {
  const [view, setView] = useState<SharingView | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  /** What was pressed and waits: for an agreement, or for a first link. */
  const [wish, setWish] = useState<Visibility | null>(null);
  const [made, setMade] = useState<NewLink | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    const control = new AbortController();
    sharingApi.sharing(experiment, control.signal).then(setView, (error: unknown) => {
      if (!isAbort(error)) setProblem(words(error));
    });
    return () => control.abort();
  }, [experiment]);
  const attempt = async (what: () => Promise<void>) => {
    setBusy(true);
    try {
      await what();
      setProblem(null);
    } catch (error) {
      setProblem(words(error));
    }
    setBusy(false);
  };
  const change = async (to: Visibility, said: string) => {
    await attempt(async () => {
      setView(await sharingApi.setVisibility(experiment, to, true));
      if (to === "private") setMade(null);
      toast(said);
    });
    setWish(null);
  };
  const choose = (to: Visibility) => {
    if (!view || busy) return;
    if (to === view.visibility) setWish(null);
    else {
      setWish(to);
      if (to === "link" && view.visibility === "public") void change("link", `${name} left the gallery.`);
    }
  };
  const revoke = (link: number) =>
    attempt(async () => {
      await sharingApi.revoke(link);
      if (made?.id === link) setMade(null);
      setView(await sharingApi.sharing(experiment));
      toast("The link is revoked. Whoever watched by it is sent away.");
    });
  const shown = wish ?? view?.visibility ?? "private";
  return (
    <Dialog title={`Share ${name}`} onClose={onClose} width={620}>
      <div className="share" aria-busy={view ? undefined : true}>
        {problem && (
          <p className="share-problem" role="alert">
            {problem}
          </p>
        )}
        {view?.taken_down && (
          <p className="share-problem" role="status">
            Staff took it out of the gallery: {view.taken_down}
          </p>
        )}
        <fieldset className="share-choices" disabled={!view}>
          <legend className="unseen">Who may see it</legend>
          {CHOICES.map(({ value, title, says }) => (
            <label key={value} data-chosen={shown === value || undefined}>
              <input type="radio" name="visibility" checked={shown === value} onChange={() => choose(value)} />
              <strong>{title}</strong>
              <span className="muted small">{says}</span>
            </label>
          ))}
        </fieldset>
        {view && wish === "public" && (
          <Agree action="Publish" busy={busy} onCancel={() => setWish(null)} onAgree={() => void change("public", `${name} is in the gallery.`)}>
            <p>Everybody will see, and may fork:</p>
            <ul>
              {view.public.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
            <p className="muted small">Not your name, your address or your other experiments. You can take it back at any time; forks stay.</p>
          </Agree>
        )}
        {view && wish === "private" && (
          <Agree action="Make it private" busy={busy} onCancel={() => setWish(null)} onAgree={() => void change("private", `${name} is private.`)}>
            <p>{takenBack(view)} Whoever watches now is sent away; forks that others made stay theirs.</p>
          </Agree>
        )}
        {view && shown !== "private" && wish !== "public" && (
          <>
            {shown === "public" && (
              <div className="share-part">
                <h3>Address</h3>
                <Copied label="Address of the public page" text={view.address} />
                <Frame code={frameCode(view.embed, name)} framed={view.framed} />
              </div>
            )}
            <div className="share-part">
              <h3>Links</h3>
              {made && (
                <div className="share-made" role="status">
                  <Copied label="The new link" text={made.address} first />
                  <p className="muted small">Shown this once: the site keeps only its hash. Lost it? Make another and revoke this one.</p>
                  <Frame code={frameCode(made.embed, name)} framed={view.framed} />
                </div>
              )}
              <MakeLink
                run={run}
                busy={busy}
                onMake={(wanted) =>
                  void attempt(async () => {
                    setMade(await sharingApi.makeLink(experiment, wanted));
                    setView(await sharingApi.sharing(experiment));
                    setWish(null);
                  })
                }
              />
              <Links links={view.links} busy={busy} onRevoke={(link) => void revoke(link)} />
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

const takenBack = ({ visibility, links }: SharingView) => {
  const many = links.length === 1 ? "Its link is revoked." : `Its ${links.length} links are revoked.`;
  if (visibility !== "public") return many;
  return links.length > 0 ? `It leaves the gallery. ${many}` : "It leaves the gallery.";
};

interface AgreeProps {
  action: string;
  busy: boolean;
  onAgree: () => void;
  onCancel: () => void;
  children: React.ReactNode;
}

/** What a choice means, before it is made. */
function Agree({ action, busy, onAgree, onCancel, children }: AgreeProps) {
  return (
    <div className="share-agree" role="group" aria-label={action}>
      {children}
      <div className="share-buttons">
        <Button onClick={onCancel}>Cancel</Button>
        <Button look="main" blocked={busy ? "One moment" : null} onClick={onAgree}>
          {action}
        </Button>
      </div>
    </div>
  );
}

/** The code that shows it on another page, or why none may. */
function Frame({ code, framed }: { code: string; framed: boolean }) {
  return (
    <details className="share-frame">
      <summary>Show it on another page</summary>
      {framed ? (
        <Copied label="Code for another page" text={code} long />
      ) : (
        <p className="muted small">
          No other page may show this site in a frame. Whoever runs it names the pages that may: <code>PLAYGROUND_EMBED_ANCESTORS=https://example.org</code>
        </p>
      )}
    </details>
  );
}
