import { memo } from "react";
import { logTicks } from "../../charts/scale";
import { shapeText, shortCount } from "../../canvas/words";
import { type Column, stageSpans, valuesOf } from "../costColumns";
import { NAMED, StageSpans } from "./CostBars";
import { type Frame, SIDE } from "./ColumnPlot";
import { nameIn } from "./names";
import { foldText, type Volume } from "./volume";

const FOOT = 18;
const HEAD = 16;
const DIGIT = 6.3; // px, a figure of the mono at 10.5

const scaleOf = ({ columns, depths }: Volume, height: number) => {
  const values = [...depths.map((depth) => depth.carried), ...columns.map((column) => valuesOf(column.shape))].filter((value) => value > 0);
  const low = Math.log10(Math.max(1, Math.min(...values)));
  const high = Math.max(low + 1, Math.log10(Math.max(1, ...values)));
  const y = (value: number) => HEAD + (height - FOOT - HEAD - 6) * (1 - (Math.log10(Math.max(1, value)) - low) / (high - low));
  return { y, low, high };
};

interface Props {
  volume: Volume;
  frame: Frame;
  chosen: number;
  /** Blocks whose fall the bottleneck guideline marks. */
  falls: ReadonlySet<string>;
}

/** The values that pass each depth of the network, as steps; blocks side by side have a tick of their own. */
export const VolumeChart = memo(function VolumeChart({ volume, frame: { step, across, height }, chosen, falls }: Props) {
  const { columns, depths } = volume;
  const { y, low, high } = scaleOf(volume, height);
  const floor = height - FOOT - 1;
  const flat = depths.map(({ first, count, carried }) => ({ left: first * step, right: (first + count) * step, y: y(carried) }));
  const line = flat.map(({ left, right, y }, at) => `${at === 0 ? "M" : "L"}${left} ${y}H${right}`).join("");
  const isMarked = (column: Column) => column.ids.some((id) => falls.has(id));
  const spans = step < NAMED ? stageSpans(columns) : [];
  return (
    <>
      {logTicks(10 ** low, 10 ** high, 5).map((value) => (
        <line key={value} className="dock-grid" x1="0" x2={across} y1={Math.round(y(value)) + 0.5} y2={Math.round(y(value)) + 0.5} />
      ))}
      {flat.length > 0 && <path className="volume-ground" d={`${line}V${floor}H${flat[0]?.left ?? 0}Z`} />}
      <path className="volume-line" d={line} />
      {columns.map((column, at) => {
        const depth = depths.find(({ first, count }) => at >= first && at < first + count);
        if (!depth || depth.carried === valuesOf(column.shape)) return null;
        const own = y(valuesOf(column.shape));
        return <line key={column.id} className="volume-tick" x1={at * step + step * 0.2} x2={(at + 1) * step - step * 0.2} y1={own} y2={own} />;
      })}
      {depths.map((depth, at) => {
        const before = depths[at - 1];
        const here = flat[at];
        const above = flat[at - 1];
        if (!before || !here || !above || !columns.slice(depth.first, depth.first + depth.count).some(isMarked)) return null;
        return (
          <g key={depth.first}>
            <path className="volume-fall" d={`M${here.left} ${above.y}V${here.y}H${here.right}`} />
            <text className="volume-fold" x={here.left + 4} y={(above.y + here.y) / 2 + 3}>
              ÷{foldText(before.carried / Math.max(1, depth.carried))}
            </text>
          </g>
        );
      })}
      {shapeRuns(volume, step).map(({ x, at, words }) => (
        <text key={x} className="dock-number volume-shape" x={x} y={y(at) - 4}>
          {words}
        </text>
      ))}
      <line className="dock-base" x1="0" x2={across} y1={floor + 0.5} y2={floor + 0.5} />
      {step >= NAMED &&
        columns.map((column, at) => (
          <text key={column.id} className="dock-name" data-chosen={at === chosen || undefined} x={(at + 0.5) * step} y={height - 4}>
            {nameIn(column.label, step - 4)}
          </text>
        ))}
      <StageSpans spans={spans} step={step} height={height} />
    </>
  );
});

/** Shapes to write over the line: once for each run of depths of one size, where there is room. */
function shapeRuns({ columns, depths }: Volume, step: number): { x: number; at: number; words: string }[] {
  const runs: { left: number; right: number; at: number; words: string }[] = [];
  for (const { first, count, carried } of depths) {
    const single = count === 1 && carried === valuesOf(columns[first]?.shape ?? null);
    const words = single ? shapeText(columns[first]?.shape) : shortCount(carried);
    const last = runs.at(-1);
    if (last && last.words === words && last.at === carried) last.right = (first + count) * step;
    else runs.push({ left: first * step, right: (first + count) * step, at: carried, words });
  }
  return runs.flatMap(({ left, right, at, words }) => (words.length * DIGIT <= right - left ? [{ x: (left + right) / 2, at, words }] : []));
}

/** The axis: values, each line so many times the one below. */
export function VolumeSide({ volume, frame }: { volume: Volume; frame: Frame }) {
  const { y, low, high } = scaleOf(volume, frame.height);
  return (
    <>
      <text className="dock-row" x="0" y="11">
        Values
      </text>
      {logTicks(10 ** low, 10 ** high, 5).map((value) => (
        <text key={value} className="dock-number" data-end="" x={SIDE - 8} y={y(value) + 3.5}>
          {shortCount(value)}
        </text>
      ))}
    </>
  );
}
