/** What the user does to the open network: each function is one step of undo, or none. */
import type { Piece } from "../canvas/drawing";
import { ghost } from "../canvas/geometry";
import { arrange } from "../canvas/arrange";
import type { Point } from "../canvas/rounded";
import { clear } from "../canvas/room";
import { anchorOf } from "../canvas/room";
import { blocksIn, drawnOn, focusBlock, middleOfView, stage, withTabs } from "../canvas/stage";
import type { BlockView, Edge, Network, Notice } from "../generated/types";
import { api } from "../net/api";
import { words } from "../net/errors";
import { useStore } from "../store";
import { analysisSettings } from "../store/analyser";
import { meaningOf } from "../store/analysis";
import { useCatalogue } from "../store/catalogue";
import { useExperiment } from "../store/experiment";
import { type Change, edgeKeys, readDocument } from "../store/graph";
import { toast } from "../store/ui";
import * as edit from "./edit";
import { follow, type Followers } from "./following";
import { reveal } from "./folds";
import { GROUP, group, groupRefusal, type Inside, ungroup } from "./grouping";
import { displaced, type Naming, refusal } from "./wiring";

const get = useStore.getState;
const view = (kind: string): BlockView | undefined => useCatalogue.getState().block[kind];

/** The name of a block as the page shows it. */
export function nameOf(id: string): string {
  const { network, analysis } = get();
  const node = edit.nodeOf(network, id);
  return node?.label ?? analysis?.nodes[id]?.label ?? view(node?.block ?? "")?.label ?? stage.model?.pieces.get(id)?.label ?? id;
}

export const naming: Naming = { block: view, name: nameOf };

/** The last block of a slab and its tabs, or of a folded stage: where a wire from it begins. */
export function endOf(id: string): string {
  const piece = stage.model?.pieces.get(id);
  return piece?.fold?.exit ?? piece?.tabs.at(-1)?.id ?? id;
}

/** Where a wire into a slab ends: in a folded stage, at its first block. */
export const beginOf = (id: string): string => stage.model?.pieces.get(id)?.fold?.entry ?? id;

/** Why a block cannot be added, or null. There is one input and one output. */
export function addBlocked(network: Network, block: BlockView): string | null {
  const there = block.only_one && network.nodes.some((node) => node.block === block.kind);
  return there ? `The network has its ${block.label.toLowerCase()} already.` : null;
}

/** Add a block after the chosen one, wired; without one, at the end of the network. */
export function addFromPalette(kind: string) {
  const block = view(kind);
  const { network, selection } = get();
  if (!block) return;
  const blocked = addBlocked(network, block);
  if (blocked) return void toast(blocked);
  const takesWire = block.max_inputs !== 0 && block.takes !== "nothing";
  const chosen = selection.at(-1) ?? stage.searchedFrom ?? undefined;
  const after = takesWire ? (chosen ?? lastBlock(network)) : undefined;
  const label = `Add ${block.label}`;
  get().edit(label, (now) => {
    const ends = edit.nodeOf(now, after ?? "")?.block ?? "";
    if (after === undefined || !(view(ends)?.has_output ?? true)) return addFree(now, kind, middleOfView());
    return joinOutput(edit.addAfter(now, endOf(after), kind, !block.has_output));
  });
  focusSelected();
}

const isOutput = (kind: string): boolean => (view(kind)?.only_one ?? false) && !view(kind)?.has_output;

/** A new last block leads to the output, where nothing did so yet. */
function joinOutput(change: Change): Change {
  const { network } = change;
  const added = change.select?.[0];
  const output = network.nodes.find((node) => isOutput(node.block));
  if (!output || added === undefined || !view(edit.nodeOf(network, added)?.block ?? "")?.has_output) return change;
  if (network.edges.some((edge) => edge.target === output.id || edge.source === added)) return change;
  return { ...change, ...edit.connect(network, added, output.id) };
}

/** Where the network goes on: what feeds the output, else a block that nothing reads. */
function lastBlock(network: Network): string | undefined {
  const output = network.nodes.find((node) => isOutput(node.block));
  const feeding = network.edges.find((edge) => edge.target === output?.id)?.source;
  if (feeding) return feeding;
  const read = new Set(network.edges.map((edge) => edge.source));
  return network.nodes.findLast((node) => !read.has(node.id) && (view(node.block)?.has_output ?? true))?.id;
}

function addFree(network: Network, kind: string, wish: Point) {
  const pieces = stage.model?.drawing.pieces ?? new Map();
  const places = stage.model?.stored ?? new Map();
  const spot = { x: Math.round(wish.x), y: Math.round(wish.y) };
  const change = edit.addBlock(network, kind, spot);
  const id = change.select?.[0] ?? "";
  const body = { id, size: ghost } as Piece;
  const place = clear(id, spot, new Map([...pieces, [id, body]]), places);
  return { ...change, network: edit.move(change.network, new Map([[id, place]]))?.network ?? change.network };
}

/** What a dragged palette entry was dropped on. */
export interface DropTarget {
  edge: string | null;
  node: string | null;
  point: Point;
}

export function dropBlock(kind: string, { edge, node, point }: DropTarget) {
  const block = view(kind);
  const { network } = get();
  if (!block) return;
  const blocked = addBlocked(network, block);
  if (blocked) return void toast(blocked);
  const through = block.has_output && block.max_inputs !== 0 && block.takes !== "nothing";
  const wire = edge ? edgeOf(network, edge) : undefined;
  get().edit(wire ? `Insert ${block.label}` : `Add ${block.label}`, (now) => {
    if (wire && through) return edit.insertOnEdge(now, wire, kind);
    const onto = node && (view(edit.nodeOf(now, endOf(node))?.block ?? "")?.has_output ?? false);
    if (onto && block.max_inputs !== 0) return edit.addAfter(now, endOf(node), kind, !block.has_output);
    return addFree(now, kind, point);
  });
  focusSelected();
}

export function edgeOf(network: Network, key: string): Edge | undefined {
  return network.edges[edgeKeys(network).indexOf(key)];
}

/** Bring what was just made before the eyes; a slab stands for its tabs. */
export function focusSelected() {
  requestAnimationFrame(() => {
    const { selection, select } = get();
    const slab = (id: string) => (blocksIn(drawnOn(id)).length > 1 ? id : drawnOn(id));
    if (selection.length > 1) select([...new Set(selection.map(slab))]);
    if (selection[0] !== undefined) focusBlock(selection[0]);
  });
}

/** A block that stood alone was let go on a wire. */
export function putOnWire(id: string, key: string) {
  const { network } = get();
  const wire = edgeOf(network, key);
  const block = view(edit.nodeOf(network, id)?.block ?? "");
  if (!wire || !block?.has_output || block.max_inputs === 0) return;
  get().edit(`Insert ${nameOf(id)}`, (now) => {
    const change = edit.moveOntoEdge(now, id, wire);
    if (!change) return null;
    const nodes = change.network.nodes.map((node) => (node.id === id ? { ...node, position: null } : node));
    return { ...change, network: { ...change.network, nodes } };
  });
}

/** Why a wire between two drawn blocks is refused, or null. */
export function wireRefusal(source: string, target: string, without?: Edge): string | null {
  const from = endOf(source);
  return refusal(get().network, from, beginOf(target), { ...naming, name: (id) => nameOf(id === from ? source : id) }, without);
}

export function connectBlocks(source: string, target: string): boolean {
  const reason = wireRefusal(source, target);
  if (reason) {
    toast(reason, { tone: "warn" });
    return false;
  }
  const from = endOf(source);
  const to = beginOf(target);
  return get().edit(`Connect ${nameOf(from)} to ${nameOf(to)}`, (now) => edit.connect(now, from, to, displaced(now, to, naming)));
}

export function reconnectWire(key: string, source: string, target: string) {
  const { network } = get();
  const old = edgeOf(network, key);
  const wire = stage.model?.drawing.wires.find((other) => other.key === key);
  if (!old || !wire) return;
  const from = wire.source === source ? old.source : endOf(source);
  const to = wire.target === target ? old.target : beginOf(target);
  const reason = refusal(network, from, to, naming, old);
  if (reason) return void toast(reason, { tone: "warn" });
  get().edit("Lead a wire elsewhere", (now) => {
    const away = to === old.target ? [] : displaced(now, to, naming);
    return edit.reconnect(now, old, from, to, away);
  });
}

export function deleteSelected() {
  const { network, selection, selectedEdges } = get();
  const ids = withTabs(selection);
  const wires = selectedEdges.flatMap((key) => edgeOf(network, key) ?? []);
  const label = ids.length === 0 ? "Delete a wire" : ids.length === selection.length && ids.length === 1 ? `Delete ${nameOf(ids[0] ?? "")}` : "Delete blocks";
  const next = neighbourOf(network, ids);
  if (get().edit(label, (now) => edit.remove(now, ids, wires)) && next) {
    get().select([next]);
    focusSelected();
  }
}

/** Where the keyboard goes when blocks vanish: to what fed them, else to what read them. */
function neighbourOf(network: Network, ids: readonly string[]): string | null {
  const gone = new Set(ids);
  const before = network.edges.find((edge) => gone.has(edge.target) && !gone.has(edge.source));
  const after = network.edges.find((edge) => gone.has(edge.source) && !gone.has(edge.target));
  return before?.source ?? after?.target ?? null;
}

const isEnd = (kind: string): boolean => !(view(kind)?.has_output ?? true) || view(kind)?.takes === "nothing" || view(kind)?.max_inputs === 0;

/** Why the chosen blocks cannot be one, or null. */
export const groupBlocked = (): string | null => groupRefusal(get().network, withTabs(get().selection), nameOf, isEnd);

export function groupSelected() {
  const ids = withTabs(get().selection);
  const known = stage.model ? documentPlaces(stage.model.stored) : new Map<string, Point>();
  const places = ids.flatMap((id) => known.get(id) ?? []);
  const first = places.toSorted((a, b) => a.y - b.y || a.x - b.x)[0] ?? null;
  get().edit(`Group ${ids.length} blocks`, (now) => group(now, ids, first));
  focusSelected();
}

/** The chosen group's inside, where one group is chosen. */
function chosenInside(): Inside | null {
  const { network, selection } = get();
  const node = selection.length === 1 ? edit.nodeOf(network, selection[0] ?? "") : undefined;
  if (node?.block !== GROUP) return null;
  const standard = view(GROUP)?.fields.find((field) => field.name === "network")?.default;
  const inside = (node.params.network ?? standard) as Partial<Network> | undefined;
  const { nodes, edges } = readDocument(inside ?? {});
  return { nodes, edges };
}

export const ungroupBlocked = (): string | null => (chosenInside() ? null : "Choose a group first");

export function ungroupSelected() {
  const inside = chosenInside();
  const id = get().selection[0];
  if (!inside || id === undefined) return;
  get().edit(`Take ${nameOf(id)} apart`, (now) => ungroup(now, id, inside));
  focusSelected();
}

export function selectAll() {
  get().select([...(stage.model?.pieces.keys() ?? [])].flatMap(blocksIn));
}

/** Lay the whole figure out anew. */
export function tidyUp() {
  const { model } = stage;
  if (!model) return;
  const places = arrange({ drawing: model.drawing, open: model.hulls.map((hull) => hull.part) }, stage.window);
  get().edit("Tidy up", (now) => edit.move(now, documentPlaces(places)));
}

/** Tabs are kept right of their slab, so that they stand well should they come off it. */
export function withTabPlaces(places: ReadonlyMap<string, Point>, pieces: ReadonlyMap<string, { tabs: { id: string }[]; size: { w: number; dx: number } }>): Map<string, Point> {
  const all = new Map(places);
  for (const [id, place] of places) {
    const piece = pieces.get(id);
    piece?.tabs.forEach((tab, index) => all.set(tab.id, { x: Math.round(place.x + piece.size.w + piece.size.dx + 24 + 52 * index), y: place.y }));
  }
  return all;
}

/** What the document keeps for the places of what is drawn: a folded part has one place, its first block's. */
export function documentPlaces(places: ReadonlyMap<string, Point>): Map<string, Point | null> {
  const pieces = stage.model?.drawing.pieces ?? new Map<string, Piece>();
  const all = new Map<string, Point | null>();
  for (const [id, place] of withTabPlaces(places, pieces)) {
    const piece = pieces.get(id);
    for (const hidden of piece?.fold?.ids ?? []) all.set(hidden, null);
    all.set(piece ? anchorOf(piece) : id, place);
  }
  return all;
}

/** Blocks were moved on the page. Where the document's places are of another folding, it takes over all that is seen. */
export function moveBlocks(moved: ReadonlyMap<string, Point>, merge?: string): boolean {
  const { model } = stage;
  const places = model?.refolded ? new Map([...model.stored, ...moved]) : moved;
  const label = moved.size === 1 ? `Move ${nameOf([...moved.keys()][0] ?? "")}` : `Move ${moved.size} blocks`;
  return get().edit(label, (now) => edit.move(now, documentPlaces(places)), merge);
}

/** The network as a notice would have it: in the notice itself, or asked for. */
export async function fixedNetwork(notice: Notice, signal?: AbortSignal): Promise<Network> {
  const settings = analysisSettings(useExperiment.getState().recipe);
  return readDocument(notice.fix?.network ?? (await api.fix(get().network, notice, { ...settings, ...(signal && { signal }) })));
}

/** Take the way out that a notice offers, as one step. It must speak of the network as it is now. `known`: the changed document, where it is here. */
export async function applyFix(notice: Notice, known?: Network): Promise<void> {
  const { network, analysed } = get();
  const { fix } = notice;
  if (!fix || analysed !== meaningOf(network)) return;
  try {
    const made = known ?? (await fixedNetwork(notice));
    if (get().network === network) get().edit(fix.label, (now) => edit.adopt(now, made));
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}

export function setParam(ids: readonly string[], name: string, value: unknown, label: string) {
  get().edit(`${label} of ${ids.length === 1 ? nameOf(ids[0] ?? "") : `${ids.length} blocks`}`, (now) => edit.setParam(now, ids, name, value), `param ${ids.join()} ${name}`);
}

export function renameBlock(id: string, label: string) {
  const isGroup = edit.nodeOf(get().network, id)?.block === GROUP && label.trim() !== "";
  get().edit(`Rename ${nameOf(id)}`, (now) => (isGroup ? edit.setParam(now, [id], "name", label.trim().slice(0, 80)) : edit.rename(now, id, label)), `name ${id}`);
}

/** Choose a block and give it the keyboard; a folded stage around it opens. */
export function goTo(id: string) {
  reveal(id);
  get().select([id]);
  requestAnimationFrame(() => focusBlock(id));
}

/** The activation or normalisation right after a block, as its inspector sets it. */
export function setFollowing(id: string, role: keyof Followers, block: string | null) {
  const label = block === null ? `Take the ${role === "norm" ? "batch norm" : "activation"} off ${nameOf(id)}` : `${view(block)?.label ?? block} after ${nameOf(id)}`;
  get().edit(label, (now) => follow(now, id, role, block, (kind) => view(kind)?.family ?? ""));
}
