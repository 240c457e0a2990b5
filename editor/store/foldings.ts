import type { Folding } from "../canvas/folding";

export const FOLDING_KEY = "playground.folding";

/** What is kept, by the slot of a draft or the id of an experiment; the newest last. */
export function readFoldings(storage: Storage = localStorage): Record<string, Folding> {
  try {
    const value: unknown = JSON.parse(storage.getItem(FOLDING_KEY) ?? "{}");
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value).filter(([, folding]) => isFolding(folding))) : {};
  } catch {
    return {};
  }
}

export const readFolding = (slot: string): Folding | null => readFoldings()[slot] ?? null;

function isFolding(value: unknown): value is Folding {
  const folding = value as Partial<Folding> | null;
  return typeof folding?.stages === "boolean" && typeof folding.runs === "boolean" && Array.isArray(folding.turned);
}
