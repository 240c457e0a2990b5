import { useState } from "react";
import type { ExperimentCard } from "../../generated/types";
import { navigate, paths } from "../../routes";
import { selectTitle, useCatalogue } from "../../store/catalogue";
import { Chip } from "../../ui/Chip";
import { Confirm } from "../../ui/Dialog";
import { RunSpark } from "../RunSpark";
import { agoWords, resultWords, stateWords } from "../runWords";
import { duplicate, exportNetwork, remove, rename } from "./cardActions";
import { NetworkCard } from "./NetworkCard";
import { RenameDialog } from "./RenameDialog";
import type { Experiments } from "./useExperiments";

/** One experiment: its drawing, its name, how its latest run stands. */
export function ExperimentCardView({ card, list }: { card: ExperimentCard; list: Experiments }) {
  const [dialog, setDialog] = useState<"rename" | "delete" | null>(null);
  const close = () => setDialog(null);
  return (
    <NetworkCard
      href={paths.build(card.id)}
      name={card.name}
      network={card.network}
      menu={[
        { label: "About, versions and twins", icon: "info", onSelect: () => navigate(paths.about(card.id)) },
        { label: "Rename", icon: "pencil", onSelect: () => setDialog("rename") },
        { label: "Duplicate", icon: "copy", onSelect: () => void duplicate(card, list) },
        { label: "Export as a file", icon: "download", onSelect: () => exportNetwork(card) },
        null,
        { label: "Delete", icon: "trash", tone: "bad", onSelect: () => setDialog("delete") },
      ]}
      dialogs={
        <>
          {dialog === "rename" && <RenameDialog name={card.name} onClose={close} onRename={(name) => void rename(card, name, list)} />}
          {dialog === "delete" && (
            <Confirm title={`Delete ${card.name}?`} action="Delete experiment" onClose={close} onConfirm={() => { close(); void remove(card, list); }}>
              {lossWords(card.runs)}
            </Confirm>
          )}
        </>
      }
    >
      <Facts card={card} />
      {card.latest && <RunSpark run={card.latest} />}
    </NetworkCard>
  );
}

const lossWords = (runs: number) =>
  runs === 0 ? "The network and its recipe cannot be brought back." : `Its ${runs === 1 ? "run goes" : `${runs} runs go`} with it, and none of it can be brought back.`;

function Facts({ card }: { card: ExperimentCard }) {
  const title = useCatalogue(selectTitle(card.dataset));
  const state = card.latest && stateWords(card.latest);
  if (state) {
    return (
      <p className="card-facts">
        <Chip tone={state.tone} dot={state.moving}>
          {state.text}
        </Chip>
      </p>
    );
  }
  const result = card.latest && resultWords(card.latest);
  return (
    <p className="card-facts" title={result?.of}>
      {card.forks > 0 && <span className="card-forks" title={`${card.forks} made from it`}>{card.forks} {card.forks === 1 ? "fork" : "forks"}, </span>}
      {title}, {result ? <span className="card-result">{result.text}</span> : `changed ${agoWords(card.updated)}`}
    </p>
  );
}
