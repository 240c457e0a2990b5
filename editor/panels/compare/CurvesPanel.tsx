import { useEffect, useMemo, useRef, useState } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { joinedBySteps, type Sheet } from "../../charts/sheet";
import { duration, percent, short, tickWords, whole } from "../../charts/words";
import { painter } from "../../live/painter";
import { Segmented } from "../../ui/Segmented";
import { accuracyRange, airy } from "../train/curves";
import { PanelHead, SheetTable } from "../train/PanelHead";
import { type Across, type Compared, type Part, type Quantity, rowsOf, smoothed, valueAt } from "./curves";
import { LEFT, type OverlayLine, type OverlayPicture, paintOverlay, RIGHT } from "./overlay";
import type { Shown } from "./view";

type Parts = Part | "both";

const PARTS: { value: Parts; label: string }[] = [
  { value: "both", label: "Both" },
  { value: "validation", label: "Held out" },
  { value: "train", label: "Train" },
];
const AXES: { value: Across; label: string }[] = [
  { value: "step", label: "Step" },
  { value: "epoch", label: "Epoch" },
  { value: "time", label: "Time" },
];
/** More runs than this begin with the held-out curves alone. */
const FEW = 4;
const DEFINITION =
  "Loss: cross-entropy, natural logarithm. Train: of the batch, every step, smoothed; pale behind it from the least to the most. Held out: on images kept from training. Where both are drawn, the thin line is that of training. Time leaves pauses out.";

interface CurvesPanelProps {
  compared: Compared;
  runs: readonly Shown[];
}

/** Loss above, accuracy below, of all runs over one axis. */
export function CurvesPanel({ compared, runs }: CurvesPanelProps) {
  const [parts, setParts] = useState<Parts>(runs.length > FEW ? "validation" : "both");
  const [across, setAcross] = useState<Across>("step");
  const [log, setLog] = useState(false);
  const [smoothing, setSmoothing] = useState(0.6);
  const [table, setTable] = useState(false);
  const hover = useRef<number | null>(null);
  const visible = useMemo(() => runs.filter((run) => !run.hidden), [runs]);
  const drawn = useMemo(() => linesOf(compared, visible, parts, across, smoothing), [compared, visible, parts, across, smoothing]);
  const version = useRef(0);
  const last = useRef(drawn);
  if (last.current !== drawn) {
    last.current = drawn;
    version.current += 1;
  }
  const sheet = () => sheetOf(compared, visible, parts === "train" ? "train" : "validation", across);
  const most = Math.max(0, ...visible.map((run) => run.step));
  const ready = compared.curves.size;
  useEffect(() => {
    performance.mark("compare-drawn");
  }, [ready]);
  return (
    <section className="chart-panel compare-panel" aria-label="Curves" data-curves-drawn={ready}>
      <PanelHead title="Curves" definition={DEFINITION} fact={most > 0 ? `${whole(most)} steps` : ""} table={table} onTable={setTable} sheet={sheet}>
        <label className="smoothing" title="How much of the past the training line keeps">
          <span className="unseen">Smoothing</span>
          <input type="range" min={0} max={0.99} step={0.01} value={smoothing} aria-valuetext={`smoothing ${smoothing.toFixed(2)}`} onChange={(event) => setSmoothing(Number(event.target.value))} />
        </label>
        <button type="button" className="compare-switch" aria-pressed={log} title="Loss on a logarithmic axis" onClick={() => setLog(!log)}>
          Log
        </button>
      </PanelHead>
      <div className="compare-tools">
        <Segmented label="Which images" value={parts} options={PARTS} onChoose={setParts} />
        <Segmented label="Axis" value={across} options={AXES} onChoose={setAcross} />
      </div>
      {table ? (
        <CurveTable sheet={sheet()} />
      ) : (
        <div className="compare-charts">
          {(["loss", "accuracy"] as const).map((quantity) => (
            <CurveChart key={quantity} quantity={quantity} lines={drawn[quantity]} range={drawn.range} log={log && quantity === "loss"} across={across} hover={hover} version={version.current} runs={visible} />
          ))}
          <HoverCard hover={hover} lines={drawn} across={across} runs={visible} />
        </div>
      )}
    </section>
  );
}

interface Drawn {
  loss: OverlayLine[];
  accuracy: OverlayLine[];
  range: [number, number];
}

function linesOf(compared: Compared, runs: readonly Shown[], parts: Parts, across: Across, smoothing: number): Drawn {
  const wanted: Part[] = parts === "both" ? ["validation", "train"] : [parts];
  const all = (quantity: Quantity) =>
    runs.flatMap((run) =>
      wanted.flatMap((part) => {
        const rows = rowsOf(run, compared.curves.get(run.id), part, quantity, across);
        return rows ? [{ run, part, rows }] : [];
      }),
    );
  const [loss, accuracy] = [all("loss"), all("accuracy")];
  const end = Math.max(0, ...[...loss, ...accuracy].map(({ rows }) => rows.xs.at(-1) ?? 0));
  const range: [number, number] = [0, end > 0 ? end : 1];
  const made = (found: ReturnType<typeof all>): OverlayLine[] =>
    found.map(({ run, part, rows }) => {
      const soft = part === "train" && smoothing > 0;
      return { ...run.look, letter: run.letter, rows: soft ? smoothed(rows, smoothing, range[1]) : rows, raw: soft ? rows : null, faint: part === "train" && parts === "both" };
    });
  return { loss: made(loss), accuracy: made(accuracy), range };
}

const acrossWords = (across: Across) => (value: number) => (across === "time" ? duration(value) : across === "step" ? whole(value) : String(Number(value.toPrecision(3))));
const NAMES: Record<Across, string> = { step: "step", epoch: "epoch", time: "training time" };

interface CurveChartProps {
  quantity: Quantity;
  lines: readonly OverlayLine[];
  range: [number, number];
  log: boolean;
  across: Across;
  hover: { current: number | null };
  version: number;
  runs: readonly Shown[];
}

function CurveChart({ quantity, lines, range, log, across, hover, version, runs }: CurveChartProps) {
  const loss = quantity === "loss";
  const say = loss ? short : (value: number) => percent(value);
  const picture = (): OverlayPicture => ({
    title: loss ? "loss" : `right, %, by ${NAMES[across]}`,
    range,
    lines,
    log,
    at: hover.current,
    say,
    tick: loss ? tickWords : (value) => String(Number((100 * value).toPrecision(4))),
    across: acrossWords(across),
    fit: loss ? airy : accuracyRange,
    bare: loss,
  });
  const ends = lines.filter((line) => !line.faint).map((line) => `${line.letter} ${say(valueAt(line.rows, range[1]))}`);
  const nothing = lines.length === 0;
  return (
    <CanvasChart
      className="compare-chart"
      summary={`${loss ? "Loss" : "Share right"} of ${runs.length === 1 ? "one run" : `${runs.length} runs`} by ${NAMES[across]}${nothing ? ": nothing was measured yet" : `; at the end ${ends.join(", ")}`}`}
      stamp={() => `${version} ${log} ${across} ${hover.current}`}
      paint={(context, width, height) => paintOverlay(context, width, height, picture())}
      onPoint={(x, _, width) => {
        const share = (x - LEFT) / Math.max(1, width - LEFT - RIGHT);
        hover.current = share >= 0 && share <= 1 ? range[0] + share * (range[1] - range[0]) : null;
        painter.ask();
      }}
      onLeave={() => {
        hover.current = null;
        painter.ask();
      }}
    >
      {nothing && (
        <p className="compare-nothing">
          <span>{across === "step" ? "Starts with the first step" : `Not known by ${NAMES[across]} yet`}</span>
        </p>
      )}
    </CanvasChart>
  );
}

/** Values of all runs where the pointer stands, the best first; beside the pointer, for a crowd has no room at the lines' ends. */
function HoverCard({ hover, lines, across, runs }: { hover: { current: number | null }; lines: Drawn; across: Across; runs: readonly Shown[] }) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef({ lines, across, runs });
  latest.current = { lines, across, runs };
  useEffect(() => {
    let before: number | null = null;
    return painter.add(() => {
      const card = box.current;
      if (!card || hover.current === before) return;
      before = hover.current;
      card.hidden = before === null;
      if (before === null) return;
      const { lines: drawn, across: axis, runs: shown } = latest.current;
      const at = before;
      const rows = shown
        .map((run) => {
          const of = (all: readonly OverlayLine[]) => all.find((line) => line.letter === run.letter && !line.faint);
          const value = (line: OverlayLine | undefined) => (line ? valueAt(line.rows, at) : Number.NaN);
          return { run, loss: value(of(drawn.loss)), accuracy: value(of(drawn.accuracy)) };
        })
        .filter((row) => Number.isFinite(row.loss) || Number.isFinite(row.accuracy))
        .toSorted((a, b) => b.accuracy - a.accuracy || a.loss - b.loss);
      const head = document.createElement("p");
      head.textContent = `${NAMES[axis]} ${acrossWords(axis)(at)}`;
      card.replaceChildren(
        head,
        ...rows.map(({ run, loss, accuracy }) => {
          const row = document.createElement("p");
          const letter = document.createElement("b");
          letter.textContent = run.letter;
          letter.style.color = `var(--${run.look.token})`;
          row.append(letter, ` ${Number.isFinite(loss) ? short(loss) : "–"}  ${Number.isFinite(accuracy) ? percent(accuracy) : "–"}`);
          return row;
        }),
      );
      const share = (at - drawn.range[0]) / (drawn.range[1] - drawn.range[0] || 1);
      card.dataset.side = share > 0.5 ? "left" : "right";
    });
  }, [hover]);
  return <div ref={box} className="compare-hover" hidden aria-hidden="true" />;
}

function sheetOf(compared: Compared, runs: readonly Shown[], part: Part, across: Across): Sheet | null {
  const found = runs.flatMap((run) =>
    (["loss", "accuracy"] as const).flatMap((quantity) => {
      const rows = rowsOf(run, compared.curves.get(run.id), part, quantity, across);
      return rows ? [{ run, quantity, rows }] : [];
    }),
  );
  if (found.length === 0) return null;
  const images = part === "train" ? "train" : "held out";
  return {
    title: `Curves by ${NAMES[across]}, ${images}`,
    columns: [
      { head: NAMES[across], say: acrossWords(across) },
      ...found.map(({ run, quantity }) => ({ head: `${run.letter} ${quantity}, ${images}`, brief: `${run.letter} ${quantity === "loss" ? "loss" : "right"}`, say: quantity === "loss" ? short : (value: number) => percent(value) })),
    ],
    rows: joinedBySteps(found.map(({ rows }) => ({ steps: rows.xs, values: rows.values }))),
  };
}

function CurveTable({ sheet }: { sheet: Sheet | null }) {
  return sheet ? <SheetTable sheet={sheet} newestFirst /> : <p className="panel-empty">There are no numbers yet.</p>;
}
