import { useEffect } from "react";
import { blocksIn, chosenPieces, drawnOn, focusBlock, focusedBlock, stage } from "../canvas/stage";
import { useStore } from "../store";
import { toast } from "../store/ui";
import { commands, keysOf } from "./commands";
import { copySelected, pasteText } from "./copies";
import { connectBlocks, deleteSelected, moveBlocks, nameOf } from "./session";
import { type Direction, lookTowards, walk } from "./walk";

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const NUDGE = 16; // px, the grid of dots

const get = useStore.getState;

/** A key press belongs to what it was pressed in: fields, menus and dialogs keep theirs. */
function isOthers(event: Event): boolean {
  const element = event.target instanceof Element ? event.target : null;
  return event.defaultPrevented || !!element?.closest("input, select, textarea, dialog, [role=menu], [contenteditable=true]");
}

/** Radio and check boxes hold no text to undo or copy: keys with Ctrl or ⌘ pass through them. */
const isToggle = (event: Event): boolean => event.target instanceof HTMLInputElement && (event.target.type === "radio" || event.target.type === "checkbox");

/** Buttons and tabs take Enter, Space and arrows themselves. */
const isControl = (event: Event): boolean => event.target instanceof Element && !!event.target.closest("button, a, [role=tablist], [role=radiogroup]");

/** The keyboard of the build view. */
export function useKeyboard(onHelp: () => void) {
  useEffect(() => {
    let connecting: string | null = null;
    const press = (event: KeyboardEvent) => {
      const keys = keysOf(event);
      if (isOthers(event) && !(isToggle(event) && keys.startsWith("Mod+"))) return;
      const way = ARROWS[event.key];
      const from = connecting;
      connecting = null;
      if (keys === "?" || keys === "Shift+?") return take(event, onHelp);
      if (way && !isControl(event)) return take(event, () => arrow(way, event.shiftKey, from));
      if (keys === "c" && onePiece() !== null) {
        connecting = onePiece();
        return take(event, () => void toast(`Connect ${nameOf(connecting ?? "")} to the block in the direction of an arrow.`));
      }
      if ((keys === "Enter" || keys === " ") && (isControl(event) || chooseFocused(event))) return;
      const command = commands.find((candidate) => candidate.keys.includes(keys));
      if (!command?.run || command.id === "copy" || command.id === "cut" || command.id === "paste") return;
      take(event, () => {
        const blocked = command.blocked?.();
        if (blocked) toast(`${blocked}.`);
        else command.run?.();
      });
    };
    const copy = (event: ClipboardEvent) => toClipboard(event, false);
    const cut = (event: ClipboardEvent) => toClipboard(event, true);
    const paste = (event: ClipboardEvent) => {
      if (isOthers(event)) return;
      if (pasteText(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    const list = [["keydown", press], ["copy", copy], ["cut", cut], ["paste", paste]] as const;
    for (const [name, listener] of list) document.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of list) document.removeEventListener(name, listener as EventListener);
    };
  }, [onHelp]);
}

function take(event: Event, run: () => void) {
  event.preventDefault();
  run();
}

function toClipboard(event: ClipboardEvent, cut: boolean) {
  if (isOthers(event) || (window.getSelection()?.toString() ?? "") !== "") return;
  const text = copySelected();
  if (text === null) return;
  event.preventDefault();
  event.clipboardData?.setData("text/plain", text);
  if (cut) deleteSelected();
}

/** Enter on a block that has the focus but is not chosen chooses it. */
function chooseFocused(event: KeyboardEvent): boolean {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>(".react-flow__node, .react-flow__edge") : null;
  const id = element?.dataset.id;
  if (!id) return false;
  const isWire = element?.classList.contains("react-flow__edge") ?? false;
  const blocks = blocksIn(id);
  if (isWire ? get().selectedEdges.includes(id) : blocks.every((block) => get().selection.includes(block))) return false;
  event.preventDefault();
  get().select(isWire ? [] : blocks, isWire ? [id] : []);
  return true;
}

/** The one thing that is chosen, as drawn: a folded stage is one. */
function onePiece(): string | null {
  const pieces = stage.model ? [...chosenPieces(stage.model, get().selection)] : [];
  return pieces.length === 1 ? (pieces[0] ?? null) : null;
}

function arrow(way: Direction, shift: boolean, connecting: string | null) {
  const { model } = stage;
  if (!model) return;
  const rooted = model.drawing.wires.map((wire) => ({ source: wire.source, target: wire.target }));
  if (connecting !== null) {
    const target = lookTowards(connecting, way, model.places);
    if (!target) toast("There is no block in that direction.");
    else if (connectBlocks(connecting, target)) toast(`${nameOf(connecting)} feeds ${nameOf(target)} now.`);
    return;
  }
  const { selection, select } = get();
  const chosen = [...new Set(selection.map(drawnOn))];
  if (shift) return nudge(chosen, way);
  const focused = focusedBlock();
  const hull = model.hulls.find((other) => other.part.key === focused); // from a hull into it
  const here = hull ? (way === "left" ? hull.pieces[0] : hull.pieces.at(-1)) : (focused ?? chosen.at(-1));
  const next = here === undefined ? [...model.places.keys()][0] : walk(here, way, rooted, model.places);
  if (!next) return;
  select(blocksIn(next));
  focusBlock(next);
}

function nudge(ids: readonly string[], way: Direction) {
  const [dx, dy] = { left: [-NUDGE, 0], right: [NUDGE, 0], up: [0, -NUDGE], down: [0, NUDGE] }[way] as [number, number];
  const stored = stage.model?.stored;
  const places = new Map(ids.flatMap((id) => {
    const place = stored?.get(id);
    return place ? [[id, { x: place.x + dx, y: place.y + dy }] as const] : [];
  }));
  if (places.size > 0) moveBlocks(places, `nudge ${ids.join()}`);
}
