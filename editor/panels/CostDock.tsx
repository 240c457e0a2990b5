import { memo, useMemo, useRef } from "react";
import { useElementSize } from "./useElementSize";
import { goTo } from "../actions/session";
import { drawnColumns, type Column } from "./costColumns";
import { blocksOf } from "../canvas/blocks";
import { fullCount, shortCount } from "../canvas/words";
import { useStore } from "../store";
import { selectTotals } from "../store/analysis";
import { useCatalogue } from "../store/catalogue";

const WORDS = 92;
const NAMED = 40;
const NUMBERED = 38;
const FOOT = 20;

/** What each block costs: a column a block, multiply-adds over parameters, in the order of the network. */
export function CostDock({ noticed }: { noticed: ReadonlySet<string> }) {
  const network = useStore((state) => state.network);
  const analysis = useStore((state) => state.analysis);
  const totals = useStore(selectTotals);
  const selection = useStore((state) => state.selection);
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const columns = useMemo(() => drawnColumns(network, analysis, blocks), [network, analysis, blocks]);
  const chosen = columns.find((column) => column.ids.some((id) => selection.includes(id)))?.id ?? null;
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(frame);
  return (
    <section className="dock" aria-label="Cost of each block">
      <header>
        <h2>Cost by block</h2>
        {totals && (
          <span className="dock-totals">
            {fullCount(totals.macs)} multiply-adds · {fullCount(totals.parameters)} parameters
          </span>
        )}
      </header>
      <div ref={frame} className="dock-chart" role="img" aria-label={spoken(columns)}>
        {columns.length > 0 && width > WORDS + 40 && <Bars columns={columns} width={width} height={height} chosen={chosen} noticed={noticed} />}
      </div>
    </section>
  );
}

const ROWS = [
  { name: "Multiply-adds", of: (column: Column) => column.macs },
  { name: "Parameters", of: (column: Column) => column.parameters },
];

interface BarsProps {
  columns: Column[];
  width: number;
  height: number;
  chosen: string | null;
  noticed: ReadonlySet<string>;
}

const Bars = memo(function Bars({ columns, width, height, chosen, noticed }: BarsProps) {
  const step = (width - WORDS) / columns.length;
  const row = (height - FOOT) / ROWS.length;
  const most = ROWS.map(({ of }) => Math.max(1, ...columns.map(of)));
  const dearest = ROWS.map(({ of }, at) => columns.findIndex((column) => of(column) === most[at]));
  return (
    <svg width={width} height={height} aria-hidden="true">
      {columns.map((column, index) => {
        const x = WORDS + index * step;
        const isChosen = column.id === chosen;
        return (
          // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- a shortcut for the pointer; blocks are chosen by keyboard on the figure
          <g key={column.id} className="dock-column" data-chosen={isChosen || undefined} data-noticed={column.ids.some((id) => noticed.has(id)) || undefined} onClick={() => goTo(column.id)}>
            <title>{`${column.label}: ${fullCount(column.macs)} multiply-adds, ${fullCount(column.parameters)} parameters`}</title>
            <rect className="dock-wash" x={x + 1} y="0" width={Math.max(1, step - 2)} height={height} rx="4" />
            {ROWS.map(({ name, of }, at) => (
              <Bar key={name} value={of(column)} most={most[at] ?? 1} x={x} step={step} base={(at + 1) * row - 2} room={row - 17} shown={step >= NUMBERED || isChosen || index === dearest[at]} />
            ))}
            {(step >= NAMED || isChosen) && (
              <text className="dock-name" x={x + step / 2} y={height - 5}>
                {shorten(column.label, Math.max(step, 44))}
              </text>
            )}
          </g>
        );
      })}
      {ROWS.map(({ name }, at) => (
        <g key={name}>
          <line className="dock-base" x1={WORDS} x2={width} y1={(at + 1) * row - 1.5} y2={(at + 1) * row - 1.5} />
          <text className="dock-row" x="0" y={(at + 1) * row - 4}>
            {name}
          </text>
        </g>
      ))}
    </svg>
  );
});

function Bar({ value, most, x, step, base, room, shown }: { value: number; most: number; x: number; step: number; base: number; room: number; shown: boolean }) {
  const middle = x + step / 2;
  if (value === 0) return step >= 14 ? <text className="dock-number" x={middle} y={base - 2}>–</text> : null;
  const tall = Math.max(1.5, (value / most) * Math.max(4, room));
  const wide = Math.max(1.5, Math.min(30, step * 0.44));
  return (
    <>
      <rect className="dock-bar" x={middle - wide / 2} y={base - tall} width={wide} height={tall} />
      {shown && (
        <text className="dock-number" x={middle} y={base - tall - 4}>
          {shortCount(value)}
        </text>
      )}
    </>
  );
}

const LETTER = 5.6;
const shorten = (text: string, width: number): string => {
  const letters = Math.floor(width / LETTER);
  return text.length <= letters ? text : `${text.slice(0, Math.max(2, letters - 1)).trimEnd()}…`;
};

function spoken(columns: Column[]): string {
  const dearest = columns.toSorted((a, b) => b.macs - a.macs)[0];
  const total = columns.reduce((sum, column) => sum + column.macs, 0);
  if (!dearest || total === 0) return "No block costs anything yet.";
  return `${dearest.label} does ${Math.round((100 * dearest.macs) / total)} percent of all multiply-adds.`;
}
