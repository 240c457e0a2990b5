/** Which notice is open, and the way from one to the next. */
import { create } from "zustand";
import { numberNotices, type Numbered } from "../canvas/notices";
import { showBlock } from "../canvas/stage";
import { useStore } from "../store";
import { reveal } from "./folds";

/** Its key among the numbered notices; null while the card is closed. `byKeys`: it was opened to be read by keyboard. */
export const useOpenNotice = create<{ open: string | null; byKeys: boolean }>()(() => ({ open: null, byKeys: false }));

useStore.subscribe((now, before) => {
  if (now.loads !== before.loads) useOpenNotice.setState({ open: null, byKeys: false }); // another document has other notices
});

export const listNotices = (): Numbered[] => numberNotices(useStore.getState().analysis);

export function openNotice(key: string | null, byKeys = false) {
  useOpenNotice.setState({ open: key, byKeys });
  const node = listNotices().find((other) => other.key === key)?.notice.node;
  if (!node) return;
  reveal(node);
  if (!byKeys) return;
  useStore.getState().select([node]);
  showBlock(node);
}

/** The next notice, or the one before; past the last comes the first. From a closed card the first, or the last. */
export function stepNotice(by: 1 | -1) {
  const notices = listNotices();
  if (notices.length === 0) return;
  const at = notices.findIndex((other) => other.key === useOpenNotice.getState().open);
  const next = at < 0 ? (by === 1 ? 0 : notices.length - 1) : (at + by + notices.length) % notices.length;
  openNotice(notices[next]?.key ?? null, true);
}

export const noNotices = (): string | null => ((useStore.getState().analysis?.notices.length ?? 0) === 0 ? "There is no notice" : null);
