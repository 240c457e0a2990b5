import { type KeyboardEvent, type ReactElement, cloneElement, useEffect, useRef, useState } from "react";
import { Icon, type IconName } from "./Icon";
import { beside } from "./place";

export interface MenuItem {
  label: string;
  icon?: IconName;
  /** A shortcut or a short fact at the right. */
  hint?: string;
  tone?: "bad";
  /** One of several alternatives, and whether it is the chosen one. */
  chosen?: boolean;
  blocked?: string | null;
  onSelect: () => void;
}

interface MenuProps {
  label: string;
  /** null draws a line between groups. */
  items: (MenuItem | null)[];
  align?: "start" | "end";
  /** The button that opens it. */
  children: ReactElement<{ onClick?: () => void; "aria-haspopup"?: "menu"; "aria-expanded"?: boolean; ref?: unknown }>;
}

/** A button and the menu it opens; arrows walk it, Escape and a press elsewhere close it. */
export function Menu({ label, items, align = "start", children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const close = () => {
    setOpen(false);
    anchor.current?.querySelector("button")?.focus();
  };
  return (
    <span ref={anchor} style={{ display: "inline-flex" }}>
      {cloneElement(children, { onClick: () => setOpen((was) => !was), "aria-haspopup": "menu", "aria-expanded": open })}
      {open && anchor.current && <List label={label} items={items} align={align} anchor={anchor.current} onClose={close} onDismiss={() => setOpen(false)} />}
    </span>
  );
}

interface ListProps extends Pick<MenuProps, "label" | "items" | "align"> {
  anchor: HTMLElement;
  onClose: () => void;
  onDismiss: () => void;
}

function List({ label, items, align, anchor, onClose, onDismiss }: ListProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const menu = ref.current;
    if (!menu) return;
    menu.showPopover?.();
    const { left, top } = beside(anchor.getBoundingClientRect(), menu.getBoundingClientRect(), { width: window.innerWidth, height: window.innerHeight }, align);
    menu.style.left = `${left}px`;
    menu.style.top = `${top}px`;
    (menu.querySelector<HTMLElement>("[aria-checked=true]") ?? menu.querySelector<HTMLElement>("button"))?.focus();
  }, [anchor, align]);
  useEffect(() => {
    const away = (event: Event) => {
      if (event.target instanceof Node && !ref.current?.contains(event.target) && !anchor.contains(event.target)) onDismiss();
    };
    document.addEventListener("pointerdown", away);
    window.addEventListener("blur", onDismiss);
    return () => {
      document.removeEventListener("pointerdown", away);
      window.removeEventListener("blur", onDismiss);
    };
  }, [anchor, onDismiss]);
  const walk = (event: KeyboardEvent) => walkMenu(event, ref.current, onClose);
  return (
    <div ref={ref} popover="manual" className="menu" role="menu" aria-label={label} tabIndex={-1} onKeyDown={walk}>
      {items.map((item, index) => (item ? <Row key={item.label} item={item} onClose={onClose} /> : <hr key={`line ${index}`} />))}
    </div>
  );
}

function Row({ item, onClose }: { item: MenuItem; onClose: () => void }) {
  const pick = () => {
    if (item.blocked) return;
    onClose();
    item.onSelect();
  };
  return (
    <button
      type="button"
      role={item.chosen === undefined ? "menuitem" : "menuitemradio"}
      aria-checked={item.chosen}
      aria-disabled={item.blocked ? true : undefined}
      title={item.blocked ?? undefined}
      tabIndex={-1}
      data-tone={item.tone}
      onClick={pick}
    >
      {item.icon && <Icon name={item.icon} />}
      {item.label}
      {item.hint && <span className="hint">{item.hint}</span>}
      {item.chosen && <Icon name="check" />}
    </button>
  );
}

/** The keys of every menu: arrows, Home and End walk, Escape and Tab close; none of them reaches the page. */
export function walkMenu(event: KeyboardEvent, menu: HTMLElement | null, onClose: () => void) {
  event.stopPropagation();
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    onClose();
    return;
  }
  const buttons = [...(menu?.querySelectorAll<HTMLElement>("button") ?? [])];
  const next = step(event.key, buttons.indexOf(document.activeElement as HTMLElement), buttons.length);
  if (next === null) return;
  event.preventDefault();
  buttons[next]?.focus();
}

/** The item that a key leads to, or null for other keys. */
export function step(key: string, at: number, count: number): number | null {
  if (key === "ArrowDown") return (at + 1) % count;
  if (key === "ArrowUp") return (at - 1 + count) % count;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}
