import type { Drawing, Piece, Wire } from "./drawing";
import { columnSize, plate, type Scale, slabSize } from "./geometry";
import { groupBy } from "./groups";

/** How the user folds a document: what stages and runs do by default, and which ones are turned the other way. */
export interface Folding {
  stages: boolean;
  runs: boolean;
  /** Keys of what is not as its kind is. */
  turned: readonly string[];
}

/** What folds to one slab: a stage of the document, or a run of equal blocks one after the other. */
export interface Foldable {
  /** "stage:Stem", "run:stage3_2"; a stage that stands in several places counts them: "stage:Stem#2". */
  key: string;
  kind: "stage" | "run";
  /** The stage's name; a run has its block's. */
  name: string;
  /** Slabs in the order of the computation. */
  pieces: string[];
  /** All blocks, tabs included. The first one's place in the document is the folded slab's. */
  ids: string[];
  /** The stage a run lies in, while that is what it lies in. */
  parent: string | null;
}

/** What a folded slab says of the pieces in it. */
export interface FoldFacts {
  key: string;
  kind: "stage" | "run";
  /** Blocks, tabs included. */
  ids: string[];
  /** What is in it: "Residual ×36". */
  holds: string;
  /** Of the kind that repeats. */
  times: number;
  /** The repeated block is itself made of others: its sign stands on the face. */
  composite: boolean;
  /** The blocks a wire to the slab leads to, and one from it comes from. */
  entry: string;
  exit: string;
}

export const OPEN: Folding = { stages: false, runs: false, turned: [] };

/** Figures of more pieces open folded. */
export const MOST_OPEN = 20;
/** Equal blocks in a row that fold to one slab. */
const SHORTEST_RUN = 3;

/** A folded network that nobody has turned yet. */
export const foldingFor = (drawing: Drawing): Folding => ({ stages: drawing.pieces.size > MOST_OPEN, runs: drawing.pieces.size > MOST_OPEN, turned: [] });

export const isFolded = ({ key, kind }: Pick<Foldable, "key" | "kind">, folding: Folding): boolean =>
  folding.turned.includes(key) !== (kind === "stage" ? folding.stages : folding.runs);

/** Fold or open one; the others stay as they are. */
export function turned(folding: Folding, key: string): Folding {
  const has = folding.turned.includes(key);
  return { ...folding, turned: has ? folding.turned.filter((other) => other !== key) : [...folding.turned, key] };
}

type Nodes = readonly { id: string; block: string; stage?: string | null; params: Record<string, unknown> }[];

/** Ends of the network stand for themselves: what comes in and what goes out is always seen. */
const canFold = (piece: Piece | undefined): piece is Piece => piece !== undefined && piece.family !== "data" && piece.form !== "point";

/** Everything in a drawing that can fold, stages first. */
export function foldablesOf(drawing: Drawing, nodes: Nodes): Foldable[] {
  const named = nodes.some((node) => node.stage);
  if (!named && drawing.pieces.size < SHORTEST_RUN) return [];
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stageOf = (id: string): string | null => (canFold(drawing.pieces.get(id)) ? (byId.get(id)?.stage ?? null) : null);
  const order = orderOf(drawing);
  const stages = named ? stagesOf(drawing, order, stageOf) : [];
  return [...stages, ...runsOf(drawing, order, byId, stages)];
}

/** Pieces from the input on; those in a loop last. */
function orderOf({ pieces, wires }: Drawing): string[] {
  const waiting = new Map([...pieces.keys()].map((id) => [id, 0]));
  const readers = new Map<string, string[]>();
  for (const { source, target } of wires) {
    waiting.set(target, (waiting.get(target) ?? 0) + 1);
    readers.set(source, [...(readers.get(source) ?? []), target]);
  }
  const order = [...pieces.keys()].filter((id) => waiting.get(id) === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const target of readers.get(order[at] ?? "") ?? []) {
      const left = (waiting.get(target) ?? 1) - 1;
      waiting.set(target, left);
      if (left === 0) order.push(target);
    }
  }
  const seen = new Set(order);
  return [...order, ...[...pieces.keys()].filter((id) => !seen.has(id))];
}

/** Blocks of one stage that hang together. The same name in two places makes two. */
function stagesOf(drawing: Drawing, order: readonly string[], stageOf: (id: string) => string | null): Foldable[] {
  const chief = new Map<string, string>();
  const find = (id: string): string => {
    let at = id;
    for (let up = chief.get(at); up !== undefined && up !== at; up = chief.get(at)) at = up;
    return at;
  };
  for (const id of order) chief.set(id, id);
  for (const { source, target } of drawing.wires) if (stageOf(source) !== null && stageOf(source) === stageOf(target)) chief.set(find(target), find(source));
  const groups = new Map<string, string[]>();
  for (const id of order) if (stageOf(id) !== null) groups.set(find(id), [...(groups.get(find(id)) ?? []), id]);
  const counts = new Map<string, number>();
  return [...groups.values()].map((pieces) => {
    const name = stageOf(pieces[0] ?? "") ?? "";
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { key: `stage:${name}${count > 1 ? `#${count}` : ""}`, kind: "stage", name, pieces, ids: blocksOn(drawing, pieces), parent: null };
  });
}

/** Equal blocks one after the other: same kind, same settings, same volume, each the only reader of the one before. */
function runsOf(drawing: Drawing, order: readonly string[], byId: ReadonlyMap<string, Nodes[number]>, stages: readonly Foldable[]): Foldable[] {
  const home = new Map(stages.flatMap((stage) => stage.pieces.map((id) => [id, stage.key] as const)));
  const into = groupBy(drawing.wires, (wire) => wire.target);
  const out = groupBy(drawing.wires, (wire) => wire.source);
  const signature = (id: string): string => {
    const piece = drawing.pieces.get(id);
    const blocks = [id, ...(piece?.tabs.map((tab) => tab.id) ?? [])].map((own) => byId.get(own));
    return JSON.stringify([home.get(id), piece?.kindLabel, piece?.shape, piece?.parameters, blocks.map((node) => node && [node.block, node.params])]);
  };
  const next = (id: string): string | undefined => {
    const [only, second] = out.get(id) ?? [];
    return only && !second && into.get(only.target)?.length === 1 ? only.target : undefined;
  };
  const runs: Foldable[] = [];
  const taken = new Set<string>();
  for (const id of order) {
    const piece = drawing.pieces.get(id);
    if (taken.has(id) || !canFold(piece) || (into.get(id)?.length ?? 0) > 1) continue;
    const pieces = [id];
    const same = signature(id);
    for (let after = next(id); after !== undefined && !taken.has(after) && after !== id && canFold(drawing.pieces.get(after)) && signature(after) === same; after = next(after)) {
      pieces.push(after);
      taken.add(after);
    }
    if (pieces.length >= SHORTEST_RUN) runs.push({ key: `run:${id}`, kind: "run", name: piece.kindLabel, pieces, ids: blocksOn(drawing, pieces), parent: home.get(id) ?? null });
  }
  return runs;
}

const blocksOn = (drawing: Drawing, pieces: readonly string[]): string[] =>
  pieces.flatMap((id) => [id, ...(drawing.pieces.get(id)?.tabs.map((tab) => tab.id) ?? [])]);

export interface Folded {
  /** The drawing with a slab for each folded part. Every block's `root` is what it is drawn on now. */
  drawing: Drawing;
  /** What is drawn as a slab. */
  folded: Foldable[];
  /** What could be folded and is open: a hull around its pieces, the inner ones later. */
  open: Foldable[];
}

/** The pieces of a part as they are drawn now: a folded run in an open stage is one. */
export const shown = (part: Foldable, { root }: Pick<Drawing, "root">): string[] => [...new Set(part.pieces.map((id) => root.get(id) ?? id))];

/** Draw each folded part as one slab; the wires that lead in and out lead to it. */
export function fold(drawing: Drawing, foldables: readonly Foldable[], folding: Folding): Folded {
  const home = new Map<string, string>();
  const folded: Foldable[] = [];
  const open: Foldable[] = [];
  for (const part of foldables) {
    if (part.parent !== null && home.get(part.pieces[0] ?? "") === part.parent) continue; // its stage is folded around it
    if (!isFolded(part, folding)) {
      if (part.kind === "stage" || folding.runs) open.push(part); // a run that nobody folded is no more than its blocks
      continue;
    }
    folded.push(part);
    for (const id of part.pieces) home.set(id, part.key);
  }
  if (folded.length === 0) return { drawing, folded, open };
  const at = (id: string) => home.get(id) ?? id;
  const made = new Map(folded.map((part) => [part.key, slabOf(part, drawing)]));
  const pieces = new Map<string, Piece>();
  for (const [id, piece] of drawing.pieces) {
    const key = home.get(id);
    const slab = key === undefined ? piece : made.get(key);
    if (slab && !pieces.has(slab.id)) pieces.set(slab.id, slab);
  }
  const root = new Map([...drawing.root].map(([id, on]) => [id, at(on)]));
  return { drawing: { ...drawing, pieces, root, wires: outside(drawing.wires, at) }, folded, open };
}

/** Wires between what is drawn; several from one block into one slab are one. */
function outside(wires: readonly Wire[], at: (id: string) => string): Wire[] {
  const seen = new Set<string>();
  return wires.flatMap((wire) => {
    const source = at(wire.source);
    const target = at(wire.target);
    if (source === wire.source && target === wire.target) return [wire];
    const name = `${wire.from} ${target}`;
    if (source === target || seen.has(name)) return [];
    seen.add(name);
    return [{ ...wire, source, target }];
  });
}

function slabOf(part: Foldable, drawing: Drawing): Piece {
  const inner = part.pieces.flatMap((id) => drawing.pieces.get(id) ?? []);
  const last = exitOf(part, drawing);
  const { label, times } = mostOf(inner);
  const model = inner.find((piece) => piece.kindLabel === label) ?? last;
  const dearest = inner.reduce((best, piece) => (piece.macs > best.macs ? piece : best), model);
  const face = times > 1 ? model : dearest;
  const facts: FoldFacts = { key: part.key, kind: part.kind, ids: part.ids, holds: holdsOf(inner), times, composite: face.composite, entry: entryOf(part, drawing), exit: last.tabs.at(-1)?.id ?? last.id };
  return {
    ...face,
    id: part.key,
    label: part.kind === "stage" ? part.name : facts.holds,
    ...plated(bodyOf(last, drawing.scale), times),
    shape: last.shape,
    kernel: null,
    parts: null,
    tabs: [],
    composite: false,
    parameters: inner.reduce((sum, piece) => sum + piece.parameters, 0),
    macs: inner.reduce((sum, piece) => sum + piece.macs, 0),
    fold: facts,
  };
}

/** Sheets one behind the other say that a slab stands for several. */
function plated({ form, size }: Pick<Piece, "form" | "size">, times: number): Pick<Piece, "form" | "size" | "plates"> {
  const plates = times > 3 ? 4 : times > 1 ? 3 : 2;
  const back = plates - 1;
  return { form, plates, size: { ...size, dx: size.dx + back * plate.dx, dy: size.dy + back * plate.dy } };
}

function bodyOf(last: Piece, scale: Scale): Pick<Piece, "form" | "size"> {
  if (last.shape?.length === 3) return { form: "slab", size: slabSize(last.shape, scale) };
  if (last.shape) return { form: "column", size: columnSize(last.shape[0] ?? 1) };
  return { form: last.form === "disc" || last.form === "tile" ? "ghost" : last.form, size: last.size };
}

/** The piece whose output leaves the part: the last one that something outside reads, else the last that nothing reads. */
function exitOf(part: Foldable, { pieces, wires }: Drawing): Piece {
  const inside = new Set(part.pieces);
  const leads = new Set(wires.filter((wire) => inside.has(wire.source) && !inside.has(wire.target)).map((wire) => wire.source));
  const ends = part.pieces.filter((id) => !wires.some((wire) => wire.source === id));
  const id = part.pieces.findLast((own) => leads.has(own)) ?? ends.at(-1) ?? part.pieces.at(-1) ?? "";
  return pieces.get(id) as Piece;
}

/** The first piece that something outside feeds, else the first. */
function entryOf({ pieces }: Foldable, { wires }: Drawing): string {
  const inside = new Set(pieces);
  const fed = new Set(wires.filter((wire) => inside.has(wire.target) && !inside.has(wire.source)).map((wire) => wire.target));
  return pieces.find((id) => fed.has(id)) ?? pieces[0] ?? "";
}

/** What repeats most; blocks that compute speak before pools and joins. */
function mostOf(pieces: readonly Piece[]): { label: string; times: number } {
  const counts = new Map<string, number>();
  const computing = pieces.filter((piece) => piece.macs > 0);
  for (const piece of computing.length > 0 ? computing : pieces) if (piece.form !== "disc") counts.set(piece.kindLabel, (counts.get(piece.kindLabel) ?? 0) + 1);
  let best = { label: pieces[0]?.kindLabel ?? "", times: 0 };
  for (const [label, times] of counts) if (times > best.times) best = { label, times };
  return best;
}

/** "Residual ×36"; "Conv 7×7, Max pool 3" where nothing repeats and two names say it all. */
function holdsOf(pieces: readonly Piece[]): string {
  const { label, times } = mostOf(pieces);
  if (times > 1) return `${label} ×${times}`;
  if (pieces.length <= 2) return pieces.map((piece) => piece.kindLabel).join(", ");
  return `${pieces.length} blocks`;
}
