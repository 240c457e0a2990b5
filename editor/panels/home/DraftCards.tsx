import type { Draft } from "../../store/persist";
import { paths } from "../../routes";
import { Chip } from "../../ui/Chip";
import { agoWords } from "../runWords";
import { exportNetwork } from "./cardActions";
import { NetworkCard } from "./NetworkCard";

/** A network that only this browser has. */
export function DraftCardView({ draft, onDiscard }: { draft: Draft; onDiscard: () => void }) {
  return (
    <NetworkCard
      href={paths.kept(draft.slot)}
      name={draft.name}
      network={draft.network}
      menu={[
        { label: "Export as a file", icon: "download", onSelect: () => exportNetwork(draft) },
        null,
        { label: "Discard draft", icon: "trash", tone: "bad", onSelect: onDiscard },
      ]}
    >
      <p className="card-facts">
        <Chip icon="pencil">draft</Chip> <span>changed {agoWords(new Date(draft.changed).toISOString())}</span>
      </p>
    </NetworkCard>
  );
}
