import type { Analysis, Notice } from "../generated/types";
import type { Drawing } from "./drawing";
import { type PieceState, type Picture, plainState } from "./marks";

/** A notice with the number in its disc. */
export interface Numbered {
  notice: Notice;
  /** 1, 2, 3 … over warnings and advice; null for errors. */
  number: number | null;
  key: string;
}

/** So many errors are written out on the figure; the others are read one by one. */
const TOLD = 2;

/** So many warnings and notes carry their number on the figure; the others are dots. */
const NUMBERED = 9;

const RANK = { error: 0, warning: 1, advice: 2 } as const;

/** Errors first, then warnings and advice, each in the order of the network. */
export function numberNotices(analysis: Analysis | null): Numbered[] {
  const order = new Map(analysis?.order.map((id, index) => [id, index]));
  const at = (notice: Notice) => order.get(notice.node ?? "") ?? -1;
  const sorted = [...(analysis?.notices ?? [])].sort((a, b) => RANK[a.level] - RANK[b.level] || at(a) - at(b));
  let number = 0;
  const seen = new Map<string, number>();
  return sorted.map((notice) => {
    const stem = `${notice.id} ${notice.node ?? ""}`;
    const count = (seen.get(stem) ?? 0) + 1;
    seen.set(stem, count);
    if (notice.level !== "error") number += 1;
    return { notice, number: notice.level === "error" ? null : number, key: count === 1 ? stem : `${stem} ${count}` };
  });
}

/** The state of each piece that is not in plain order; the same object as before where nothing changed. */
export function pieceStates(drawing: Drawing, notices: readonly Numbered[], chosen: readonly string[], picture: Picture | null, before: ReadonlyMap<string, PieceState>): Map<string, PieceState> {
  const states = new Map<string, PieceState>();
  const change = (id: string, part: Partial<PieceState>) => states.set(id, { ...(states.get(id) ?? plainState), ...part });
  const wrong = new Set(notices.flatMap(({ notice }) => (notice.level === "error" && notice.node !== null ? [drawing.root.get(notice.node)] : [])));
  for (const { notice, number } of notices.toReversed()) {
    const id = drawing.root.get(notice.node ?? "");
    if (id === undefined) continue;
    const { message, hint, fix } = notice;
    const error = notice.level === "error" ? { message, hint, fix: fix?.label ?? null, brief: [...wrong].indexOf(id) >= TOLD } : null;
    change(id, { level: notice.level, number: number !== null && number > NUMBERED ? null : number, error });
  }
  for (const id of chosen) {
    const root = drawing.root.get(id);
    if (root !== undefined && root !== id) change(root, { chosenTab: id });
  }
  if (picture) for (const piece of drawing.pieces.values()) if (piece.family === "data" && piece.form === "slab") change(piece.id, { picture });
  for (const [id, state] of states) {
    const old = before.get(id);
    if (old && JSON.stringify(old) === JSON.stringify(state)) states.set(id, old);
  }
  return states;
}
