// Work that the site does not have yet, kept in this browser: drafts of new networks and changes on their way.

export interface Draft {
  /** Where it is kept: an experiment's id, or a slot of its own for a network that was never saved. */
  slot: string;
  /** The experiment's version that the changes build on; null for a network that was never saved. */
  version: number | null;
  name: string;
  notes: string;
  recipe: Record<string, unknown>;
  network: Record<string, unknown>;
  /** Milliseconds since 1970. */
  changed: number;
}

const PREFIX = "playground.draft.";
const KEPT = 40; // oldest drafts beyond this many make room

/** So many random bytes as hexadecimal digits. */
export const randomHex = (bytes: number): string => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const newSlot = (): string => randomHex(6);

export const draftKey = (slot: string) => PREFIX + slot;

/** A stored text as a draft; null for what another version of the page, or a hand, wrote otherwise. */
export function readDraftText(text: string | null): Draft | null {
  if (!text) return null;
  try {
    const value = JSON.parse(text) as Partial<Draft>;
    const whole = typeof value.slot === "string" && isRecord(value.network) && isRecord(value.recipe) && typeof value.changed === "number";
    return whole ? { ...(value as Draft), version: value.version ?? null, name: value.name ?? "Untitled", notes: value.notes ?? "" } : null;
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

export function readDraft(slot: string, storage: Storage = localStorage): Draft | null {
  try {
    return readDraftText(storage.getItem(draftKey(slot)));
  } catch {
    return null;
  }
}

/** All drafts, newest first. */
export function drafts(storage: Storage = localStorage): Draft[] {
  try {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "");
    const found = keys.filter((key) => key.startsWith(PREFIX)).map((key) => readDraftText(storage.getItem(key)));
    return found.filter((draft) => draft !== null).sort((a, b) => b.changed - a.changed);
  } catch {
    return [];
  }
}

/** Drafts of networks that were never saved, newest first. */
export const unsavedNetworks = (storage: Storage = localStorage) => drafts(storage).filter((draft) => draft.version === null);

/** Keep a draft; false where the browser has no room or forbids it. */
export function writeDraft(draft: Draft, storage: Storage = localStorage): boolean {
  const text = JSON.stringify(draft);
  try {
    for (const old of drafts(storage).filter((other) => other.slot !== draft.slot).slice(KEPT - 1)) dropDraft(old.slot, storage);
    storage.setItem(draftKey(draft.slot), text);
    return true;
  } catch {
    return makeRoom(draft.slot, text, storage);
  }
}

function makeRoom(slot: string, text: string, storage: Storage): boolean {
  for (const old of drafts(storage).reverse()) {
    if (old.slot === slot) continue;
    dropDraft(old.slot, storage);
    try {
      storage.setItem(draftKey(slot), text);
      return true;
    } catch {
      // still no room: the next oldest goes
    }
  }
  return false;
}

export function dropDraft(slot: string, storage: Storage = localStorage) {
  try {
    storage.removeItem(draftKey(slot));
  } catch {
    // nothing is kept where storage is forbidden
  }
}

type Work = Pick<Draft, "name" | "notes" | "recipe" | "network">;

/** One text for the same work, whatever the order of its keys. */
function textOf({ name, notes, recipe, network }: Work): string {
  return JSON.stringify([name, notes, recipe, { ...network, name }], (_, value: unknown) =>
    isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

/**
 * What to show when an experiment is opened: the site's, this browser's newer work, or a question where both went on.
 * Work that reached the site though its answer never came back is the site's.
 */
export function whichIsNewer(site: Work & { version: number }, draft: Draft | null): "site" | "browser" | "both" {
  if (!draft || draft.version === null || textOf(site) === textOf(draft)) return "site";
  return draft.version === site.version ? "browser" : "both";
}
