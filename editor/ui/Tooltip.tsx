import { cloneElement, type HTMLAttributes, type ReactElement, useEffect, useId, useRef, useState } from "react";
import { beside } from "./place";

const DELAY = 350; // ms before a tooltip opens under a resting pointer; at once on keyboard focus

interface TooltipProps {
  text: string;
  /** The text is the child's name already, so it is not read a second time. */
  names?: boolean;
  children: ReactElement<HTMLAttributes<HTMLElement>>;
}

/** A word or a reason on hover and on keyboard focus. The child is one element that takes pointer and focus handlers. */
export function Tooltip({ text, names = false, children }: TooltipProps) {
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const timer = useRef<number | undefined>(undefined);
  const hide = () => {
    window.clearTimeout(timer.current);
    setAnchor(null);
  };
  const show = (target: HTMLElement, delay: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setAnchor(target), delay);
  };
  useEffect(() => () => window.clearTimeout(timer.current), [timer]);
  const child = children.props;
  return (
    <>
      {cloneElement(children, {
        "aria-describedby": names ? child["aria-describedby"] : id,
        onPointerEnter: (event) => {
          child.onPointerEnter?.(event);
          if (event.pointerType !== "touch") show(event.currentTarget, DELAY);
        },
        onPointerLeave: (event) => {
          child.onPointerLeave?.(event);
          hide();
        },
        onPointerDown: (event) => {
          child.onPointerDown?.(event);
          hide();
        },
        onFocus: (event) => {
          child.onFocus?.(event);
          if (event.currentTarget.matches(":focus-visible")) show(event.currentTarget, 0);
        },
        onBlur: (event) => {
          child.onBlur?.(event);
          hide();
        },
        onKeyDown: (event) => {
          if (event.key === "Escape") hide();
          child.onKeyDown?.(event);
        },
      })}
      {!names && (
        <span id={id} className="unseen">
          {text}
        </span>
      )}
      {anchor && <Floating anchor={anchor} text={text} />}
    </>
  );
}

function Floating({ anchor, text }: { anchor: HTMLElement; text: string }) {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const tip = ref.current;
    if (!tip) return;
    tip.showPopover?.();
    const { left, top } = beside(anchor.getBoundingClientRect(), tip.getBoundingClientRect(), { width: window.innerWidth, height: window.innerHeight }, "middle");
    tip.style.left = `${left}px`;
    tip.style.top = `${top}px`;
  }, [anchor]);
  return (
    <span ref={ref} popover="manual" className="tooltip" aria-hidden="true">
      {text}
    </span>
  );
}
