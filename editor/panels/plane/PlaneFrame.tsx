import { type ReactNode, useRef, useState } from "react";
import { PlaneChart } from "../../charts/PlaneChart";
import type { PlaneMark, PlanePoint } from "../../charts/plane";
import { bestForCost, bubbleRadius, keySizes } from "../../charts/plane";
import { csvText, pngOf, saveBlob, svgText, tabText } from "../../charts/save_chart";
import { words } from "../../net/errors";
import { toast } from "../../store/ui";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { type Column, PlaneTable } from "./PlaneTable";
import { planeSummary, shortCount } from "./quantities";

interface PlaneFrameProps<P extends PlanePoint> {
  title: string;
  /** What the dots are, many of them: "networks". */
  what: string;
  points: readonly P[];
  columns: readonly Column<P>[];
  costWords: string;
  errorWords: string;
  sizeWords: string;
  logErrors?: boolean;
  mostNames?: number;
  /** Marks that are drawn, with what they say. */
  marks: readonly [PlaneMark, string][];
  card: (point: P) => ReactNode;
  /** The switches over the drawing. */
  children: ReactNode;
  /** Name of its files, without an ending. */
  file: string;
  /** In the place of the drawing while there are no dots. */
  empty: ReactNode;
}

/** A comparison plane with its switches, its table, its files and its key. */
export function PlaneFrame<P extends PlanePoint>(props: PlaneFrameProps<P>) {
  const { title, what, points, columns, costWords, errorWords, sizeWords, logErrors = false, mostNames, marks, card, children, file, empty } = props;
  const [table, setTable] = useState(false);
  const svg = useRef<SVGSVGElement>(null);
  const none = points.length === 0 ? "There is nothing to save yet" : null;
  const rows = () => points.map((point) => columns.map((column) => column.value(point)));
  const head = columns.map((column) => column.title);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(tabText(head, rows()));
      toast("The table is on the clipboard.");
    } catch {
      toast("This browser does not let the page copy. Save the table as CSV instead.", { tone: "warn" });
    }
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
            { label: "Save the table as CSV", icon: "download", blocked: none, onSelect: () => saveBlob(new Blob([csvText(head, rows())], { type: "text/csv" }), `${file}.csv`) },
            null,
            { label: "Save the figure as SVG", icon: "download", blocked: drawn, onSelect: () => svg.current && saveBlob(new Blob([svgText(svg.current)], { type: "image/svg+xml" }), `${file}.svg`) },
            { label: "Save the figure as PNG", icon: "image", blocked: drawn, onSelect: () => svg.current && void savePng(svg.current, `${file}.png`) },
          ]}
        >
          <IconButton label="Save or copy" icon="download" />
        </Menu>
      </header>
      {points.length === 0 ? (
        <div className="plane-empty">{empty}</div>
      ) : table ? (
        <PlaneTable caption={title} columns={columns} points={points} />
      ) : (
        <>
          <PlaneChart
            points={points}
            summary={planeSummary(points, bestForCost(points), what, costWords)}
            costWords={costWords}
            errorWords={errorWords}
            logErrors={logErrors}
            {...(mostNames === undefined ? {} : { mostNames })}
            card={card}
            svg={svg}
          />
          <Key points={points} sizeWords={sizeWords} marks={marks} />
        </>
      )}
    </section>
  );
}

async function savePng(svg: SVGSVGElement, name: string) {
  try {
    saveBlob(await pngOf(svg), name);
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}

const KEY_RADIUS = 13; // px, of the largest bubble in the key

/** What the areas and the outlines mean. */
function Key({ points, sizeWords, marks }: { points: readonly PlanePoint[]; sizeWords: string; marks: readonly [PlaneMark, string][] }) {
  const sizes = keySizes(points.map((point) => point.size));
  const most = Math.max(...sizes);
  return (
    <footer className="plane-key">
      <span className="plane-key-group">
        <span className="muted">Area</span>
        {sizes.map((size) => (
          <KeyDot key={size} mark="filled" radius={bubbleRadius(size, most, KEY_RADIUS)}>
            {shortCount(size)}
          </KeyDot>
        ))}
        <span className="muted">{sizeWords}</span>
      </span>
      {marks.length > 0 && (
        <span className="plane-key-group">
          <span className="muted">Measured on</span>
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
