// Shapes for the drawings on cards: asked once for each document, a few at a time, as cards come into view.
import type { Analysis } from "../../generated/types";
import { api } from "../../net/api";

const AT_ONCE = 3;
const known = new Map<string, Analysis | null>();
const waiting: (() => void)[] = [];
let running = 0;

async function turn(): Promise<void> {
  if (running >= AT_ONCE) await new Promise<void>((go) => waiting.push(go));
  running += 1;
}

function done() {
  running -= 1;
  waiting.shift()?.();
}

/** The last answer for this document, if it was asked before. */
export const knownAnalysis = (key: string): Analysis | null | undefined => known.get(key);

/** null where the document cannot be read; it is then drawn without shapes. Throws where the site does not answer. */
export async function analysisOf(network: Record<string, unknown>, key: string, signal: AbortSignal): Promise<Analysis | null> {
  await turn();
  try {
    const before = known.get(key);
    if (before !== undefined) return before;
    const analysis = await api.analyse(network, { signal }).catch((error: unknown) => {
      if (error instanceof Error && "status" in error && Number(error.status) >= 400) return null;
      throw error;
    });
    known.set(key, analysis);
    return analysis;
  } finally {
    done();
  }
}
