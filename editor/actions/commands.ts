/** Everything the keyboard and the menus can do, declared once: name, keys, what it does, and why it cannot. */
import { fitStage, focusedBlock, stage } from "../canvas/stage";
import { useStore } from "../store";
import { toast } from "../store/ui";
import * as copies from "./copies";
import * as files from "./files";
import * as folds from "./folds";
import * as notices from "./notices";
import * as session from "./session";

export interface Command {
  id: string;
  label: string;
  group: "Blocks" | "Network" | "View" | "Move about";
  /** As the event says it: "Mod+z" is Ctrl or ⌘. The first is shown; none for what only menus offer. */
  keys: string[];
  /** Why it cannot be done now. */
  blocked?: () => string | null;
  /** Absent for keys that are handled where they are pressed, and listed for the help only. */
  run?: () => void;
}

const get = useStore.getState;
const needsChoice = () => (get().selection.length === 0 ? "Choose a block first" : null);
const needsBlocks = () => (get().network.nodes.length === 0 ? "There is nothing to export yet" : null);
const needsAny = () => (get().selection.length === 0 && get().selectedEdges.length === 0 ? "Choose a block or a wire first" : null);

async function writeClipboard(text: string | null, done: () => void) {
  if (text === null) return;
  try {
    await navigator.clipboard.writeText(text);
    done();
  } catch {
    toast("This browser does not let the page copy from a menu. Use the keyboard: Ctrl C.", { tone: "warn" });
  }
}

async function pasteClipboard() {
  try {
    if (!copies.pasteText(await navigator.clipboard.readText())) toast("The clipboard holds no blocks.");
  } catch {
    toast("This browser does not let the page read the clipboard. Use the keyboard: Ctrl V.", { tone: "warn" });
  }
}

export const commands: Command[] = [
  { id: "duplicate", label: "Duplicate", group: "Blocks", keys: ["Mod+d"], blocked: needsChoice, run: copies.duplicateSelected },
  { id: "group", label: "Group", group: "Blocks", keys: ["Mod+g"], blocked: () => needsChoice() ?? session.groupBlocked(), run: session.groupSelected },
  { id: "ungroup", label: "Take the group apart", group: "Blocks", keys: ["Mod+Shift+g"], blocked: session.ungroupBlocked, run: session.ungroupSelected },
  { id: "delete", label: "Delete", group: "Blocks", keys: ["Delete", "Backspace"], blocked: needsAny, run: session.deleteSelected },
  { id: "copy", label: "Copy", group: "Blocks", keys: ["Mod+c"], blocked: needsChoice, run: () => void writeClipboard(copies.copySelected(), () => toast("Copied.")) },
  { id: "cut", label: "Cut", group: "Blocks", keys: ["Mod+x"], blocked: needsChoice, run: () => void writeClipboard(copies.copySelected(), session.deleteSelected) },
  { id: "paste", label: "Paste", group: "Blocks", keys: ["Mod+v"], run: () => void pasteClipboard() },
  { id: "rename", label: "Rename", group: "Blocks", keys: ["F2"], blocked: needsChoice, run: () => focusIn(".inspector-name") },
  { id: "settings", label: "Change its first setting", group: "Blocks", keys: ["Enter"], blocked: needsChoice, run: () => (folds.chosenWhole() ? folds.foldChosen() : focusSettings()) },
  { id: "open", label: "Show or close the inside", group: "Blocks", keys: ["o"], blocked: needsComposite, run: toggleInside },
  { id: "fold", label: "Fold or open its stage", group: "Blocks", keys: ["f"], blocked: folds.foldBlocked, run: folds.foldChosen },
  { id: "stage", label: "Make a stage", group: "Blocks", keys: ["s"], blocked: folds.makeStageBlocked, run: folds.makeStage },
  { id: "unstage", label: "Remove its stage", group: "Blocks", keys: [], blocked: folds.stageBlocked, run: folds.removeStage },
  { id: "name-stage", label: "Rename its stage", group: "Blocks", keys: [], blocked: folds.stageBlocked, run: nameStage },
  { id: "undo", label: "Undo", group: "Network", keys: ["Mod+z"], blocked: () => (get().past.length === 0 ? "Nothing to undo" : null), run: () => get().undo() },
  { id: "redo", label: "Redo", group: "Network", keys: ["Mod+Shift+z", "Mod+y"], blocked: () => (get().future.length === 0 ? "Nothing to redo" : null), run: () => get().redo() },
  { id: "all", label: "Choose all", group: "Network", keys: ["Mod+a"], run: session.selectAll },
  { id: "tidy", label: "Tidy up", group: "Network", keys: ["l"], run: session.tidyUp },
  { id: "svg", label: "Export the drawing as SVG", group: "Network", keys: [], blocked: needsBlocks, run: () => void import("./drawing").then((drawing) => drawing.exportSvg()) },
  { id: "png", label: "Export the drawing as PNG", group: "Network", keys: [], blocked: needsBlocks, run: () => void import("./drawing").then((drawing) => drawing.exportPng()) },
  { id: "add", label: "Find a block to add", group: "Network", keys: ["/"], run: searchBlock },
  { id: "export", label: "Export as a file", group: "Network", keys: [], blocked: needsBlocks, run: files.exportNetwork },
  { id: "export-code", label: "Export as PyTorch", group: "Network", keys: [], blocked: needsBlocks, run: () => void files.exportCode() },
  { id: "export-onnx", label: "Export as ONNX", group: "Network", keys: [], blocked: needsBlocks, run: () => void files.exportOnnx() },
  { id: "import", label: "Open a file", group: "Network", keys: [], run: files.chooseFile },
  { id: "notice", label: "Next notice", group: "View", keys: ["n"], blocked: notices.noNotices, run: () => notices.stepNotice(1) },
  { id: "notice-before", label: "Notice before", group: "View", keys: ["p"], blocked: notices.noNotices, run: () => notices.stepNotice(-1) },
  { id: "fit", label: "Fit to window", group: "View", keys: ["0"], run: fitStage },
  { id: "fold-all", label: "Fold or open all stages", group: "View", keys: ["Mod+Shift+f"], blocked: folds.foldAllBlocked, run: folds.foldAll },
  { id: "in", label: "Zoom in", group: "View", keys: ["+", "="], run: () => void stage.flow?.zoomIn() },
  { id: "out", label: "Zoom out", group: "View", keys: ["-"], run: () => void stage.flow?.zoomOut() },
  { id: "walk", label: "Go along the wires", group: "Move about", keys: ["ArrowRight"] },
  { id: "shift", label: "Move the chosen blocks", group: "Move about", keys: ["Shift+ArrowRight"] },
  { id: "wire", label: "Connect: C, then an arrow", group: "Move about", keys: ["c"] },
  { id: "none", label: "Choose nothing", group: "Move about", keys: ["Escape"], run: () => get().select([]) },
];

/** Choose the whole stage: its name stands in the inspector then. */
function nameStage() {
  const part = folds.chosenStage();
  if (!part) return;
  get().select(part.ids);
  requestAnimationFrame(() => focusIn(".inspector-name"));
}

function needsComposite(): string | null {
  const id = get().selection[0];
  return id !== undefined && stage.model?.drawing.pieces.get(id)?.composite ? null : "Choose a block that is made of others";
}

function toggleInside() {
  const id = get().selection[0];
  if (id !== undefined) get().toggleOpen(id);
}

/** Puts the keyboard into a field, now or when it comes: the inspector's code may still be on its way. */
function focusIn(selector: string) {
  const enter = () => {
    const element = document.querySelector<HTMLInputElement>(selector);
    element?.focus();
    element?.select?.();
    return element !== null;
  };
  if (enter()) return;
  const started = document.activeElement;
  const watch = new MutationObserver(() => {
    if (document.activeElement !== started || enter()) watch.disconnect(); // who went elsewhere stays there
  });
  watch.observe(document.body, { childList: true, subtree: true });
}

function searchBlock() {
  stage.searchedFrom = focusedBlock();
  focusIn(".palette input");
}

function focusSettings() {
  const first = document.querySelector<HTMLElement>(".inspector .field-control :is(input, select, button)");
  if (first) first.focus();
  else focusIn(".inspector-name");
}

export const command = (id: string): Command | undefined => commands.find((candidate) => candidate.id === id);

/** The keys of an event in the words of `keys`. */
export function keysOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const mod = event.ctrlKey || event.metaKey;
  const shift = event.shiftKey && (mod || event.key.length > 1);
  return `${mod ? "Mod+" : ""}${event.altKey ? "Alt+" : ""}${shift ? "Shift+" : ""}${key}`;
}

const SHOWN: Record<string, string> = { Mod: "Ctrl", ArrowRight: "→", Delete: "Del", Escape: "Esc", Backspace: "⌫", "-": "−" };
const onApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** Keys as people read them: "Ctrl Z", "⌘Z". */
export function keysText(keys: string): string {
  const parts = keys === "+" ? ["+"] : keys.split("+");
  return parts.map((part) => (part === "Mod" && onApple() ? "⌘" : (SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)))).join(" ");
}
