import type { LinkView } from "../../generated/types";
import { Button } from "../../ui/Button";
import { agoWords } from "../runWords";
import { expiryWords, openedWords } from "./shareWords";

/** The links that open something: what, for whom, when they were opened last; each can be revoked. */
export function Links({ links, busy, onRevoke }: { links: readonly LinkView[]; busy: boolean; onRevoke: (link: number) => void }) {
  if (links.length === 0) return <p className="muted share-none">No links yet. Who comes by one sees the runs live and can fork, and changes nothing.</p>;
  return (
    <ul className="share-links" aria-label="Links">
      {links.map((link) => {
        const what = link.run_number === null ? "All runs" : `Run ${link.run_number}`;
        const name = link.note ? `${what}, for ${link.note}` : what;
        return (
          <li key={link.id}>
            <div>
              <strong title={name}>{name}</strong>
              <span className="muted small">
                made {agoWords(link.created)}, {openedWords(link)}
                {link.expires && `, ${expiryWords(link.expires)}`}
              </span>
            </div>
            <Button size="small" look="bad" aria-label={`Revoke: ${name}, made ${agoWords(link.created)}`} blocked={busy ? "One moment" : null} onClick={() => onRevoke(link.id)}>
              Revoke
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
