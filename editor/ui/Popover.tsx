import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { beside } from "./place";

interface PopoverProps {
  label: string;
  anchor: HTMLElement;
  align?: "start" | "middle" | "end";
  width: number;
  onClose: () => void;
  children: ReactNode;
}

/** A small panel beside what opened it. It takes the focus; Escape gives it back, and a press elsewhere closes it. */
export function Popover({ label, anchor, align = "start", width, onClose, children }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    box.showPopover?.();
    const place = () => {
      const { left, top } = beside(anchor.getBoundingClientRect(), { width: box.offsetWidth, height: 0 }, { width: window.innerWidth, height: window.innerHeight }, align);
      box.style.left = `${left}px`;
      box.style.top = `${top}px`;
      box.style.maxHeight = `${window.innerHeight - top - 8}px`;
    };
    place();
    box.focus();
    window.addEventListener("resize", place);
    return () => window.removeEventListener("resize", place);
  }, [anchor, align]);
  useEffect(() => {
    const away = (event: Event) => {
      if (event.target instanceof Node && !ref.current?.contains(event.target) && !anchor.contains(event.target)) onClose();
    };
    document.addEventListener("pointerdown", away);
    return () => document.removeEventListener("pointerdown", away);
  }, [anchor, onClose]);
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    onClose();
    anchor.querySelector<HTMLElement>("button")?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys of the page do not reach what is typed here
    <div ref={ref} popover="manual" className="popover scroll" role="dialog" aria-label={label} tabIndex={-1} style={{ width }} onKeyDown={press}>
      {children}
    </div>
  );
}
