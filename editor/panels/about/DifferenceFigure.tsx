import { useMemo } from "react";
import { blocksOf } from "../../canvas/blocks";
import { extent } from "../../canvas/fit";
import { boxAt } from "../../canvas/geometry";
import { HeadMarkers } from "../../canvas/ShapeEdge";
import { StaticPieces } from "../../canvas/StaticPieces";
import type { Piece } from "../../canvas/drawing";
import type { Point } from "../../canvas/rounded";
import type { Analysis, DifferenceView } from "../../generated/types";
import { pictureOf } from "../../canvas/picture";
import { selectDataset, useCatalogue } from "../../store/catalogue";
import { drawDifference, type Mark, type PieceMark } from "./differenceModel";
import "../../canvas/figure.css";
import "../../canvas/slab.css";

const AROUND = 22;
const WINDOW = { width: 1000, height: 320 };
/** A mark that is read without its colour. */
export const SIGNS: Record<Exclude<Mark, "same">, string> = { added: "+", removed: "−", changed: "≠" };

/** Both networks in one drawing: what came, what went, what is another. */
export function DifferenceFigure({ view, before, after }: { view: DifferenceView; before: Analysis | null; after: Analysis | null }) {
  const views = useCatalogue((state) => state.block);
  const drawn = useMemo(() => drawDifference(view, before, after, blocksOf(views), WINDOW), [view, before, after, views]);
  const dataset = useCatalogue(selectDataset(String(view.after.recipe.dataset ?? "")));
  const picture = useMemo(() => pictureOf(dataset), [dataset]);
  const { model, marks, wires } = drawn;
  const box = extent(model);
  if (!box) return <p className="about-empty">Neither network has a block.</p>;
  const gone = new Map([...model.pieces].filter(([id]) => marks.get(id)?.mark === "removed" && !marks.get(id)?.tabsOnly));
  const kept = new Map([...model.pieces].filter(([id]) => !gone.has(id)));
  const plain = model.drawing.wires.filter((wire) => !wires.has(wire.key));
  return (
    <svg
      className="difference-figure"
      viewBox={`${box.left - AROUND} ${box.top - AROUND} ${box.right - box.left + 2 * AROUND} ${box.bottom - box.top + 2 * AROUND}`}
      style={{ maxWidth: 1.35 * (box.right - box.left + 2 * AROUND) }}
      role="img"
      aria-label={`${view.blocks}. ${view.words}.`}
    >
      <HeadMarkers looks={["", "-accent"]} />
      <StaticPieces pieces={kept} wires={plain} places={model.places} routes={model.routes} picture={picture} />
      {model.drawing.wires.map((wire) => {
        const mark = wires.get(wire.key);
        const route = model.routes.get(wire.key);
        return mark && route && <path key={wire.key} className="difference-wire" data-mark={mark} d={route.d} markerEnd={mark === "added" ? "url(#wire-head-accent)" : undefined} />;
      })}
      <g className="difference-gone">
        <StaticPieces pieces={gone} wires={[]} places={model.places} routes={model.routes} />
      </g>
      {[...marks].map(([id, mark]) => {
        const piece = model.pieces.get(id);
        const place = model.places.get(id);
        return piece && place && <Marked key={id} piece={piece} place={place} mark={mark} />;
      })}
    </svg>
  );
}

const OFF = 6;

function Marked({ piece, place, mark }: { piece: Piece; place: Point; mark: PieceMark }) {
  const { w, h } = piece.size;
  const box = boxAt(piece.size, place.x, place.y);
  const count = piece.tabs.length;
  return (
    <>
      {!mark.tabsOnly && (
        <g className="difference-mark" data-mark={mark.mark}>
          <rect x={box.left - OFF} y={box.top - OFF} width={box.right - box.left + 2 * OFF} height={box.bottom - box.top + 2 * OFF} rx="5" />
          <Badge x={box.left - OFF} y={box.top - OFF} sign={SIGNS[mark.mark]} />
        </g>
      )}
      {mark.tabs.map(({ index, mark: each }) => {
        const x = place.x + w - 15 * (count - index) + 1;
        const y = place.y + h / 2 - 11.5;
        return (
          <g key={index} className="difference-mark" data-mark={each}>
            <rect x={x - 2} y={y - 2} width="18" height="15" rx="3" />
            <Badge x={x + 16} y={y - 3} sign={SIGNS[each]} />
          </g>
        );
      })}
    </>
  );
}

function Badge({ x, y, sign }: { x: number; y: number; sign: string }) {
  return (
    <>
      <circle cx={x} cy={y} r="7" />
      <text x={x} y={y + 4}>
        {sign}
      </text>
    </>
  );
}

/** What the marks mean. */
export function DifferenceLegend() {
  return (
    <ul className="difference-legend">
      {(["added", "removed", "changed"] as const).map((mark) => (
        <li key={mark} data-mark={mark}>
          <span aria-hidden="true">{SIGNS[mark]}</span>
          {mark}
        </li>
      ))}
    </ul>
  );
}
