// A network document from a file becomes a draft of this browser; the analysis says what may be wrong with it.
import { megabytes } from "../../charts/words";
import { api, LARGEST_DOCUMENT } from "../../net/api";
import { ApiError, words } from "../../net/errors";
import { type Draft, newSlot, writeDraft } from "../../store/persist";

/** The draft that was kept, or a sentence that says what is wrong with the file. */
export async function openFile(file: File): Promise<Draft | string> {
  if (file.size > LARGEST_DOCUMENT) return `${file.name} is larger than any network: ${megabytes(file.size)}.`;
  const network = readObject(await file.text());
  if (!network) return `${file.name} is no network document. Choose a .json file that was exported here.`;
  const problem = await siteRefuses(network);
  if (problem) return `${file.name} cannot be opened. ${problem}`;
  const name = typeof network.name === "string" && network.name ? network.name : file.name.replace(/\.json$/i, "");
  const draft: Draft = { slot: newSlot(), version: null, name, notes: "", recipe: {}, network, changed: Date.now() };
  return writeDraft(draft) ? draft : "This browser has no room to keep the file.";
}

function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const object = typeof value === "object" && value !== null && !Array.isArray(value);
    return object && Array.isArray((value as Record<string, unknown>).nodes) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

async function siteRefuses(network: Record<string, unknown>): Promise<string | null> {
  try {
    await api.analyse(network);
    return null;
  } catch (error) {
    return error instanceof ApiError && error.code === "offline" ? null : words(error);
  }
}
