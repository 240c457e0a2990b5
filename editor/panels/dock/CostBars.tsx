import { memo } from "react";
import { byteText, shortCount } from "../../canvas/words";
import { type Column, type CostFact, labelled, type Quantity, stageSpans } from "../costColumns";
import { nameIn } from "./names";
import { type Frame, SIDE } from "./ColumnPlot";

/** Px of a column from which each has its name, and its numbers, written out. */
export const NAMED = 40;
const NUMBERED = 38;
const FOOT = 18;
/** Room over a bar for its number. */
const OVER = 14;

export const ROWS: { quantity: Quantity; name: string; write: (value: number) => string }[] = [
  { quantity: "macs", name: "Multiply-adds", write: shortCount },
  { quantity: "parameters", name: "Parameters", write: shortCount },
  { quantity: "activation_bytes", name: "Activations", write: byteText },
];

interface Props {
  columns: readonly Column[];
  frame: Frame;
  chosen: number;
  noticed: ReadonlySet<string>;
  fact: CostFact;
}

/** A bar for each column in each row; the dearest carry their number where not all can. */
export const CostBars = memo(function CostBars({ columns, frame: { step, across, height }, chosen, noticed, fact }: Props) {
  const row = (height - FOOT) / ROWS.length;
  const spans = step < NAMED ? stageSpans(columns) : [];
  const wide = Math.max(1.5, Math.min(30, step * (step < 10 ? 0.7 : 0.44)));
  const named = step < NAMED && spans.length === 0 ? labelled(columns, "macs", 90 / step, 4) : null;
  return (
    <>
      {ROWS.map(({ quantity, write }, at) => {
        const base = (at + 1) * row - 2;
        const most = Math.max(1, ...columns.map((column) => column[quantity]));
        const told = step >= NUMBERED ? null : labelled(columns, quantity, 44 / step, 5);
        return (
          <g key={quantity}>
            {columns.map((column, index) => {
              const middle = (index + 0.5) * step;
              const value = column[quantity];
              if (value === 0) return step >= 20 ? <text key={column.id} className="dock-number" data-none="" x={middle} y={base - 3}>–</text> : null;
              const tall = Math.max(1.5, (value / most) * Math.max(4, row - OVER - 2));
              return (
                <g key={column.id}>
                  <rect className="dock-bar" data-chosen={index === chosen || undefined} data-told={(quantity === fact.quantity && fact.ids.has(column.id)) || undefined} data-noticed={column.ids.some((id) => noticed.has(id)) || undefined} x={middle - wide / 2} y={base - tall} width={wide} height={tall} />
                  {(told === null || told.has(index)) && (
                    <text className="dock-number" data-over={told !== null || undefined} x={within(middle, across)} y={base - tall - 4}>
                      {write(value)}
                    </text>
                  )}
                </g>
              );
            })}
            <line className="dock-base" x1="0" x2={across} y1={base + 0.5} y2={base + 0.5} />
          </g>
        );
      })}
      {columns.map((column, index) =>
        step >= NAMED || named?.has(index) ? (
          <text key={column.id} className="dock-name" data-chosen={index === chosen || undefined} x={(index + 0.5) * step} y={height - 4}>
            {nameIn(column.label, step >= NAMED ? step - 4 : 84)}
          </text>
        ) : null,
      )}
      <StageSpans spans={spans} step={step} height={height} />
    </>
  );
});

/** The names of stages under their columns, where blocks have no room for theirs. */
export function StageSpans({ spans, step, height }: { spans: { name: string; first: number; count: number }[]; step: number; height: number }) {
  return spans.map(({ name, first, count }) => {
    const words = nameIn(name, count * step - 4);
    return (
      <g key={`${name} ${first}`}>
        <path className="dock-span" d={`M${first * step + 1.5} ${height - 16.5}v3h${Math.max(1, count * step - 3)}v-3`} />
        {words.length > 1 && (
          <text className="dock-stage" x={(first + count / 2) * step} y={height - 2}>
            {words}
          </text>
        )}
      </g>
    );
  });
}

/** A label's middle moved so that its ends stay on the chart. */
const within = (middle: number, across: number): number => Math.max(22, Math.min(middle, across - 22));

/** The names of the rows, left of their bars. */
export function CostSide({ frame }: { frame: Frame }) {
  const row = (frame.height - FOOT) / ROWS.length;
  return ROWS.map(({ quantity, name }, at) => (
    <g key={quantity}>
      <line className="dock-base" x1="0" x2={SIDE} y1={(at + 1) * row - 1.5} y2={(at + 1) * row - 1.5} />
      <text className="dock-row" x="0" y={(at + 1) * row - 7}>
        {name}
      </text>
    </g>
  ));
}
