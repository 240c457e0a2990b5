import type { Draft } from "../../store/persist";
import { Link, paths } from "../../routes";
import { IconButton } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Menu } from "../../ui/Menu";
import { agoWords } from "../runWords";
import { Art } from "./Art";
import { exportNetwork } from "./cardActions";

/** A network that only this browser has. */
export function DraftCardView({ draft, onDiscard }: { draft: Draft; onDiscard: () => void }) {
  return (
    <li className="card">
      <Link className="card-link" href={paths.kept(draft.slot)}>
        <Art network={draft.network} />
        <div className="card-body">
          <h3 title={draft.name}>{draft.name}</h3>
          <p className="card-facts">
            <Chip icon="pencil">draft</Chip> <span>changed {agoWords(new Date(draft.changed).toISOString())}</span>
          </p>
        </div>
      </Link>
      <div className="card-menu">
        <Menu
          label={draft.name}
          align="end"
          items={[
            { label: "Export as a file", icon: "download", onSelect: () => exportNetwork(draft) },
            null,
            { label: "Discard draft", icon: "trash", tone: "bad", onSelect: onDiscard },
          ]}
        >
          <IconButton label={`More: ${draft.name}`} icon="dots" size="small" look="plain" />
        </Menu>
      </div>
    </li>
  );
}
