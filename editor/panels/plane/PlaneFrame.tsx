import { type ComponentType, type ReactNode, type Ref, type RefObject, useMemo, useRef, useState } from "react";
import { copyText, saveBlob, saveText } from "../../actions/handing";
import { largestRadius, PlaneChart } from "../../charts/PlaneChart";
import type { PlaneMark, PlanePoint } from "../../charts/plane";
import { bestForCost, bubbleRadius, keySizes } from "../../charts/plane";
import { csvText, pngOf, svgText, tabText } from "../../charts/save_chart";
import { words } from "../../net/errors";
import { toast } from "../../store/ui";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { GhostPlane } from "./GhostPlane";
import { useElementSize } from "../useElementSize";
import { type Column, PlaneTable } from "./PlaneTable";
import { planeSummary, shortCount } from "./quantities";

interface PlaneFrameProps<P extends PlanePoint> {
  title: string;
  /** What the dots are: "Your runs". */
  what: string;
  points: readonly P[];
  columns: readonly Column<P>[];
  costWords: string;
  errorWords: string;
  sizeWords: string;
  logErrors?: boolean;
  mostNames?: number;
  /** Marks that are drawn, with what they say, after `markWords`. */
  markWords: string;
  marks: readonly [PlaneMark, string][];
  Card: ComponentType<{ point: P }>;
  /** The switches over the drawing. */
  children: ReactNode;
  /** Name of its files, without an ending. */
  file: string;
  /** In the place of the drawing while there are no dots. */
  empty: ReactNode;
}

/** A comparison plane with its switches, its table, its files and its key. */
export function PlaneFrame<P extends PlanePoint>(props: PlaneFrameProps<P>) {
  const { title, points, columns, children, file, empty } = props;
  const [table, setTable] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  const key = useRef<HTMLElement>(null);
  const none = points.length === 0 ? "There is nothing to save yet" : null;
  const rows = () => points.map((point) => columns.map((column) => column.value(point)));
  const head = columns.map((column) => column.title);
  const copy = () => copyText(tabText(head, rows()), "The table is on the clipboard.");
  const save = (make: (svg: SVGSVGElement, key: HTMLElement | null) => Promise<Blob>, ending: string) => {
    if (!svg.current) return;
    make(svg.current, key.current).then(
      (blob) => saveBlob(blob, `${file}.${ending}`),
      (error: unknown) => toast(words(error), { tone: "bad" }),
    );
  };
  const drawn = none ?? (table ? "Go back to the drawing first" : null);
  return (
    <section className="plane-frame" aria-label={title}>
      <header className="plane-head">
        {children}
        <span className="top-space" />
        <IconButton label={table ? "Show the drawing" : "Show the table"} icon="grid" aria-pressed={table} blocked={none} onClick={() => setTable(!table)} />
        <Menu
          label="Save or copy"
          align="end"
          items={[
            { label: "Copy the table", icon: "copy", blocked: none, onSelect: () => void copy() },
            { label: "Save the table as CSV", icon: "download", blocked: none, onSelect: () => saveText(csvText(head, rows()), `${file}.csv`, "text/csv") },
            null,
            { label: "Save the figure as SVG", icon: "download", blocked: drawn, onSelect: () => save(drawnSvg, "svg") },
            { label: "Save the figure as PNG", icon: "image", blocked: drawn, onSelect: () => save(pngOf, "png") },
          ]}
        >
          <IconButton label="Save or copy" icon="download" />
        </Menu>
      </header>
      {points.length === 0 ? (
        <div className="plane-empty">
          <GhostPlane />
          {empty}
        </div>
      ) : table ? (
        <PlaneTable caption={title} columns={columns} points={points} />
      ) : (
        <Plot {...props} svg={svg} keyRef={key} />
      )}
    </section>
  );
}

type PlotProps<P extends PlanePoint> = Pick<PlaneFrameProps<P>, "what" | "points" | "costWords" | "errorWords" | "sizeWords" | "logErrors" | "mostNames" | "markWords" | "marks" | "Card"> & {
  svg: RefObject<SVGSVGElement | null>;
  keyRef: Ref<HTMLElement>;
};

/** The drawing, as large as the page lets it be, and its key at the same scale. */
function Plot<P extends PlanePoint>({ what, points, sizeWords, markWords, marks, keyRef, costWords, ...drawn }: PlotProps<P>) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useElementSize(box);
  const most = Math.max(...points.map((point) => point.size));
  const summary = useMemo(() => planeSummary(points, bestForCost(points), what, costWords), [points, what, costWords]);
  const { errorWords, logErrors = false, mostNames = points.length, Card, svg } = drawn;
  return (
    <>
      <div ref={box} className="plane-chart">
        {width > LEAST && height > LEAST && (
          <PlaneChart {...{ points, summary, costWords, errorWords, logErrors, mostNames, Card, svg, width, height }} />
        )}
      </div>
      <Key ref={keyRef} most={most} largest={largestRadius(points.length, width, height)} sizeWords={sizeWords} markWords={markWords} marks={marks} />
    </>
  );
}

const LEAST = 120; // px; a smaller drawing could not be read

const drawnSvg = async (svg: SVGSVGElement, key: HTMLElement | null) => new Blob([await svgText(svg, key)], { type: "image/svg+xml" });

interface KeyProps {
  most: number;
  largest: number;
  sizeWords: string;
  markWords: string;
  marks: readonly [PlaneMark, string][];
  ref: Ref<HTMLElement>;
}

/** What the areas and the outlines mean. */
function Key({ most, largest, sizeWords, markWords, marks, ref }: KeyProps) {
  return (
    <footer ref={ref} className="plane-key">
      <span className="plane-key-group">
        <span className="muted">Area</span>
        {keySizes(most, largest).map((size) => (
          <KeyDot key={size} mark="filled" radius={bubbleRadius(size, most, largest)}>
            {shortCount(size)}
          </KeyDot>
        ))}
        <span className="muted">{sizeWords}</span>
      </span>
      {marks.length > 0 && (
        <span className="plane-key-group">
          <span className="muted">{markWords}</span>
          {marks.map(([mark, says]) => (
            <KeyDot key={says} mark={mark} radius={6}>
              {says}
            </KeyDot>
          ))}
        </span>
      )}
    </footer>
  );
}

function KeyDot({ mark, radius, children }: { mark: PlaneMark; radius: number; children: ReactNode }) {
  const size = Math.ceil(2 * radius + 3);
  return (
    <span className="plane-key-dot">
      <svg width={size} height={size} aria-hidden="true" className="plane-dot" data-mark={mark}>
        <circle className="plane-bubble" cx={size / 2} cy={size / 2} r={radius} />
      </svg>
      {children}
    </span>
  );
}
