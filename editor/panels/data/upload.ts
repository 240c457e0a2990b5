// Sending a zip in parts: what is here stays when the connection breaks or the page is closed, and is gone on with.
import { megabytes } from "../../charts/words";
import type { OwnDataView } from "../../generated/types";
import { api } from "../../net/api";
import { ApiError, isOffline } from "../../net/errors";

const PART = 2 * 1024 * 1024; // bytes; small enough for a bar that moves
const AGAIN_AFTER = 1000; // ms
const TRIES = 20;

export interface Sending {
  /** Sent and confirmed. */
  onProgress: (view: OwnDataView) => void;
  signal: AbortSignal;
  /** Most bytes of one part, by the site. */
  most: number;
}

/** Send what the site does not have yet. Gives the view after the last part; throws what cannot be mended by waiting. */
export async function sendFile(view: OwnDataView, file: File, { onProgress, signal, most }: Sending): Promise<OwnDataView> {
  let { received } = view;
  let current = view;
  let vain = 0;
  while (received < file.size) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one part after the other: the site takes them in order
      current = await api.uploadPart(view.id, received, file.slice(received, received + Math.min(PART, most)), signal);
      received = current.received;
      vain = 0;
      onProgress(current);
    } catch (error) {
      vain += 1;
      if (signal.aborted || vain === TRIES || !(isOffline(error) || isGap(error))) throw error;
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((done) => window.setTimeout(done, AGAIN_AFTER));
      // oxlint-disable-next-line no-await-in-loop
      received = await api.ownDataset(view.id, signal).then((known) => known.received, () => received);
    }
  }
  return current;
}

const isGap = (error: unknown) => error instanceof ApiError && error.code === "gap";

/** Why a chosen file need not be sent at all; null where it may be. */
export function whyNot(file: File, most: number): string | null {
  if (file.size === 0) return `“${file.name}” is empty.`;
  if (!/\.zip$/i.test(file.name)) return `“${file.name}” is not a zip. Pack the folders of images into one zip.`;
  if (file.size > most) return `“${file.name}” has ${megabytes(file.size)}; at most ${megabytes(most)} are taken.`;
  return null;
}
