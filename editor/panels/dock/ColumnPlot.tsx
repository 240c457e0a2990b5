import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { stage } from "../../canvas/stage";
import type { Column } from "../costColumns";
import { step } from "../../ui/Menu";

/** Left of the columns: names of rows, or an axis. */
export const SIDE = 96;
/** Thinner columns than this cannot be pointed at: the chart scrolls instead. */
const THINNEST = 4;
const CARD = 236;
const ALONG: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp", Home: "Home", End: "End" };

export interface Frame {
  /** Px of one column. */
  step: number;
  /** Px of all columns together. */
  across: number;
  height: number;
}

interface Props {
  columns: readonly Column[];
  width: number;
  height: number;
  /** What the chart says, for those who do not see it. */
  summary: string;
  chosen: number;
  speak: (column: Column) => string;
  /** The numbers of the column that is pointed at. */
  renderCard: (column: Column) => ReactNode;
  renderSide: (frame: Frame) => ReactNode;
  children: (frame: Frame) => ReactNode;
  onGo: (column: Column) => void;
}

/** Columns in the order of the network: the pointer or the arrows read one, a press goes to its block. */
export function ColumnPlot({ columns, width, height, summary, chosen, speak, renderCard, renderSide, children, onGo }: Props) {
  const [pointed, setPointed] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const room = width - SIDE;
  const across = Math.max(room, columns.length * THINNEST);
  const frame = useMemo(() => ({ step: across / Math.max(1, columns.length), across, height: height - (across > room ? 10 : 0) }), [across, columns.length, height, room]);
  const column = columns[pointed];
  usePointedBlocks(column?.ids);
  const indexAt = (event: PointerEvent) => {
    const left = (list.current?.getBoundingClientRect().left ?? 0) - (list.current?.scrollLeft ?? 0);
    const at = Math.floor((event.clientX - left) / frame.step);
    return at >= 0 && at < columns.length ? at : -1;
  };
  const show = (at: number) => {
    setPointed(at);
    const box = list.current;
    if (!box || across <= room) return;
    const left = at * frame.step;
    if (left < box.scrollLeft || left + frame.step > box.scrollLeft + box.clientWidth) box.scrollLeft = left - box.clientWidth / 2;
  };
  const press = (event: KeyboardEvent) => {
    if ((event.key === "Enter" || event.key === " ") && column) onGo(column);
    else if (event.key === "Escape") setPointed(-1);
    else {
      const next = ALONG[event.key] === undefined ? null : step(ALONG[event.key] ?? "", Math.max(pointed, -1), columns.length);
      if (next === null) return;
      show(next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  // pointing at another column draws neither the chart nor the spoken list anew
  const drawn = useMemo(() => children(frame), [children, frame]);
  const options = useMemo(
    () => columns.map((each, at) => <span key={each.id} id={`${id}-${at}`} className="unseen" role="option" aria-selected={at === chosen} aria-label={speak(each)} />),
    [columns, id, chosen, speak],
  );
  const middle = SIDE + (pointed + 0.5) * frame.step - (list.current?.scrollLeft ?? 0);
  return (
    <div className="dock-plot">
      <svg className="dock-side" width={SIDE} height={frame.height} aria-hidden="true">
        {renderSide(frame)}
      </svg>
      <div
        ref={list}
        className="dock-columns scroll"
        role="listbox"
        aria-label={summary}
        aria-orientation="horizontal"
        aria-activedescendant={column ? `${id}-${pointed}` : undefined}
        tabIndex={0}
        onKeyDown={press}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && show(Math.max(0, chosen))}
        onBlur={() => setPointed(-1)}
        onPointerMove={(event) => setPointed(indexAt(event))}
        onPointerLeave={() => setPointed(-1)}
        onClick={(event) => {
          const hit = columns[indexAt(event as unknown as PointerEvent)];
          if (hit) onGo(hit);
        }}
      >
        {chosen >= 0 && <span className="dock-wash" data-chosen="" style={{ left: chosen * frame.step + 1, width: Math.max(2, frame.step - 2) }} />}
        {column && pointed !== chosen && <span className="dock-wash" style={{ left: pointed * frame.step + 1, width: Math.max(2, frame.step - 2) }} />}
        <svg width={across} height={frame.height} aria-hidden="true">
          {drawn}
        </svg>
        {options}
      </div>
      {column && (
        <div className="dock-card" style={{ width: CARD, left: Math.round(Math.max(0, Math.min(middle - CARD / 2, width - CARD))) }} aria-hidden="true">
          {renderCard(column)}
        </div>
      )}
    </div>
  );
}

/** Show on the figure which blocks are pointed at; the figure itself is not drawn anew. */
function usePointedBlocks(ids: readonly string[] | undefined) {
  const key = ids?.join(" ") ?? "";
  useEffect(() => {
    const wanted = new Set(key.split(" ").map((id) => stage.model?.drawing.root.get(id) ?? id));
    const nodes = key ? [...(stage.root?.querySelectorAll<HTMLElement>(".react-flow__node") ?? [])].filter((node) => wanted.has(node.dataset.id ?? "")) : [];
    for (const node of nodes) node.dataset.pointed = "";
    return () => {
      for (const node of nodes) delete node.dataset.pointed;
    };
  }, [key]);
}
