import { type KeyboardEvent, useEffect, useRef } from "react";
import { command, keysText } from "../actions/commands";
import { walkMenu } from "../ui/Menu";

const ON_BLOCK = ["settings", "rename", "open", "fold", null, "copy", "cut", "duplicate", null, "group", "ungroup", "stage", "name-stage", "unstage", null, "delete"];
/** Left out where they do not apply, for they would never speak of this block. */
const HIDDEN = new Set(["open", "ungroup", "fold", "stage", "name-stage", "unstage"]);
const ON_WIRE = ["delete"];
const ON_GROUND = ["paste", "all", null, "tidy", "fit", "fold-all", null, "undo", "redo"];

interface Props {
  at: { x: number; y: number };
  on: "block" | "wire" | "ground";
  onClose: () => void;
}

/** What can be done here, at the pointer. */
export function ContextMenu({ at, on, onClose }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const menu = ref.current;
    if (!menu) return;
    menu.showPopover?.();
    const box = menu.getBoundingClientRect();
    menu.style.left = `${Math.min(at.x, window.innerWidth - box.width - 8)}px`;
    menu.style.top = `${Math.min(at.y, window.innerHeight - box.height - 8)}px`;
    menu.querySelector<HTMLElement>("button")?.focus();
    const away = (event: Event) => {
      if (event.target instanceof Node && !menu.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", away, true);
    return () => document.removeEventListener("pointerdown", away, true);
  }, [at, onClose]);
  const walk = (event: KeyboardEvent) => walkMenu(event, ref.current, onClose);
  const ids = on === "block" ? ON_BLOCK : on === "wire" ? ON_WIRE : ON_GROUND;
  return (
    <div ref={ref} popover="manual" className="menu" role="menu" aria-label="Actions" tabIndex={-1} onKeyDown={walk} onContextMenu={(event) => event.preventDefault()}>
      {ids.map((id, index) => (id === null ? <hr key={`line ${ids[index + 1]}`} /> : <Row key={id} id={id} onClose={onClose} />))}
    </div>
  );
}

function Row({ id, onClose }: { id: string; onClose: () => void }) {
  const entry = command(id);
  if (!entry?.run) return null;
  const blocked = entry.blocked?.() ?? null;
  if (blocked && HIDDEN.has(id)) return null;
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={blocked ? true : undefined}
      title={blocked ?? undefined}
      data-tone={id === "delete" ? "bad" : undefined}
      onClick={() => {
        if (blocked) return;
        onClose();
        entry.run?.();
      }}
    >
      {entry.label}
      {entry.keys[0] && <span className="hint">{keysText(entry.keys[0])}</span>}
    </button>
  );
}
