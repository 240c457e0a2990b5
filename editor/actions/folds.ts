/** Folding, opening and naming the stages of the open network. Folding is a way of looking, not a step of undo. */
import { type Foldable, isFolded, turned } from "../canvas/folding";
import { drawnOn, focusBlock, focusedBlock, stage, withTabs } from "../canvas/stage";
import { useStore } from "../store";
import { useCatalogue } from "../store/catalogue";
import { freeStage, hangTogether, setStage, stageNames } from "./stages";

const get = useStore.getState;

const foldables = (): readonly Foldable[] => stage.model?.foldables ?? [];
const folded = (part: Foldable): boolean => !!stage.model && isFolded(part, stage.model.folding);

const holds = (part: Foldable, ids: readonly string[]): boolean => ids.length > 0 && ids.every((id) => part.ids.includes(id));

/** The stage or run that is chosen as a whole. */
export function chosenWhole(selection = get().selection): Foldable | null {
  return foldables().find((part) => part.ids.length === new Set(selection).size && holds(part, selection)) ?? null;
}

/** What the fold command is about: the part that is chosen, else the innermost open one around the chosen blocks. */
function meant(): Foldable | null {
  const ids = get().selection;
  const on = focusedBlock();
  if (ids.length === 0) return foldables().find((part) => part.key === on) ?? null;
  const whole = chosenWhole();
  if (whole) return whole;
  const around = foldables().filter((part) => holds(part, ids));
  const outlined = new Set(stage.model?.hulls.map((hull) => hull.part.key));
  return around.find(folded) ?? around.findLast((part) => outlined.has(part.key)) ?? around[0] ?? null;
}

export const foldBlocked = (): string | null => (meant() ? null : "Choose a block of a stage, or equal blocks in a row");

export function foldChosen() {
  const part = meant();
  if (part) toggleFold(part.key);
}

/** Fold a part or open it. The keyboard stays on it. */
export function toggleFold(key: string) {
  const { model } = stage;
  const part = foldables().find((other) => other.key === key);
  if (!model || !part) return;
  const had = focusedBlock();
  get().setFolding(turned(model.folding, key));
  if (had !== null && (had === key || part.ids.includes(had))) requestAnimationFrame(() => focusBlock(key));
}

export const foldAllBlocked = (): string | null => (foldables().length > 0 ? null : "This network has no stages yet. Choose blocks and make a stage of them.");

/** All stages folded, or all open; runs of equal blocks in them keep as they are. Without stages it is the runs. */
export function foldAll() {
  const { model } = stage;
  if (!model || foldables().length === 0) return;
  const kind = foldables().some((part) => part.kind === "stage") ? "stage" : "run";
  const some = foldables().some((part) => part.kind === kind && !folded(part));
  const other = new Set(foldables().flatMap((part) => (part.kind === kind ? [] : [part.key])));
  const kept = model.folding.turned.filter((key) => other.has(key));
  get().setFolding({ ...model.folding, [kind === "stage" ? "stages" : "runs"]: some, turned: kept });
}

/** Open whatever hides a block. */
export function reveal(id: string) {
  const { model } = stage;
  if (!model?.pieces.get(drawnOn(id))?.fold) return;
  let folding = model.folding;
  for (const part of foldables()) if (part.ids.includes(id) && isFolded(part, folding)) folding = turned(folding, part.key);
  get().setFolding(folding);
}

const isEnd = (kind: string): boolean => useCatalogue.getState().block[kind]?.family === "data";

function inner(): string[] {
  const { network, selection } = get();
  const ids = new Set(withTabs(selection));
  return network.nodes.filter((node) => ids.has(node.id) && !isEnd(node.block)).map((node) => node.id);
}

export function makeStageBlocked(): string | null {
  const ids = inner();
  if (ids.length === 0) return "Choose the blocks first";
  if (chosenWhole()?.kind === "stage") return "These blocks are a stage already";
  return hangTogether(get().network.edges, ids) ? null : "Draw wires between these blocks first: a stage hangs together";
}

/** The chosen blocks as a stage of their own, shown open. */
export function makeStage() {
  const { network } = get();
  const name = freeStage(stageNames(network));
  const ids = inner();
  const folding = stage.model?.folding;
  if (!get().edit(`Make ${name}`, (now) => setStage(now, ids, name))) return;
  if (folding?.stages) get().setFolding(turned(folding, `stage:${name}`));
  get().select(ids);
}

/** The stage of the chosen blocks, as far as they are of one. */
export function chosenStage(): Foldable | null {
  const ids = get().selection;
  return foldables().find((part) => part.kind === "stage" && holds(part, ids)) ?? null;
}

export const stageBlocked = (): string | null => (chosenStage() ? null : "Choose a stage, or a block in one");

/** Its blocks stand in the network as before, without the name. */
export function removeStage() {
  const part = chosenStage();
  if (!part) return;
  get().edit(`Remove ${part.name}`, (now) => setStage(now, part.ids, null));
}

export function renameStage(part: Foldable, name: string) {
  const next = name.trim();
  if (next === "" || next === part.name) return;
  const folding = stage.model?.folding;
  const was = folding?.turned.includes(part.key);
  if (!get().edit(`Rename ${part.name}`, (now) => setStage(now, part.ids, next), `stage ${part.ids[0]}`)) return;
  if (folding && was) get().setFolding({ ...folding, turned: [...folding.turned, `stage:${next}`] }); // the old name stays for undo
}
