// What the menu of an experiment's card does.
import { saveText } from "../../actions/handing";
import type { ExperimentCard } from "../../generated/types";
import { api } from "../../net/api";
import { words } from "../../net/errors";
import { dropDraft } from "../../store/persist";
import { toast } from "../../store/ui";
import type { Experiments } from "./useExperiments";

const complain = (error: unknown) => toast(words(error), { tone: "bad" });

export async function rename(card: ExperimentCard, name: string, list: Experiments): Promise<void> {
  try {
    const { version } = await api.experiment(card.id);
    await api.updateExperiment(card.id, { version, name });
    list.change((cards) => cards.map((other) => (other.id === card.id ? { ...other, name } : other)));
  } catch (error) {
    complain(error);
  }
}

export async function duplicate(card: ExperimentCard, list: Experiments): Promise<void> {
  try {
    const copy = await api.duplicateExperiment(card.id);
    toast(`${copy.name} is a copy of ${card.name}.`);
    await list.refresh();
  } catch (error) {
    complain(error);
  }
}

export async function remove(card: ExperimentCard, list: Experiments): Promise<void> {
  try {
    await api.deleteExperiment(card.id);
    dropDraft(card.id);
    list.change((cards) => cards.filter((other) => other.id !== card.id));
    toast(`${card.name} was deleted.`);
  } catch (error) {
    complain(error);
  }
}

/** A name that every file system takes. */
export function fileName(name: string): string {
  const plain = name.normalize("NFKC").replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-+|-+$/g, "");
  return `${plain.slice(0, 80) || "network"}.json`;
}

export function exportNetwork({ name, network }: Pick<ExperimentCard, "name" | "network">) {
  saveText(`${JSON.stringify({ ...network, name }, null, 2)}\n`, fileName(name), "application/json");
}
