import { extent } from "./fit";
import { hullTitle } from "./HullNode";
import { labelledWires } from "./flow";
import type { Picture } from "./marks";
import type { Model } from "./model";
import { rowsOf } from "./rows";
import { HeadMarkers } from "./ShapeEdge";
import { StaticPieces } from "./StaticPieces";

interface Props {
  model: Model;
  title: string;
  /** What the figure shows, in a sentence. */
  words: string;
  picture: Picture | null;
}

const AROUND = 24;

/** The whole figure as one SVG: what is folded is folded, what is open is open, at its own size. */
export function FigureDrawing({ model, title, words, picture }: Props) {
  const box = extent(model) ?? { left: 0, top: 0, right: 160, bottom: 90 };
  const [left, top] = [Math.floor(box.left - AROUND), Math.floor(box.top - AROUND)];
  const [width, height] = [Math.ceil(box.right + AROUND - left), Math.ceil(box.bottom + AROUND - top)];
  const told = labelledWires(model.drawing.wires, model.routes);
  const wires = model.drawing.wires.map((wire) => (told.has(wire.key) ? wire : { ...wire, shape: null }));
  return (
    <svg xmlns="http://www.w3.org/2000/svg" viewBox={`${left} ${top} ${width} ${height}`} width={width} height={height} role="img" aria-labelledby="figure-title figure-words">
      <title id="figure-title">{title}</title>
      <desc id="figure-words">{words}</desc>
      <HeadMarkers looks={[""]} />
      <rect className="figure-ground" x={left} y={top} width={width} height={height} />
      {model.hulls.map((hull) => (
        <g key={hull.part.key}>
          <rect className="hull" data-kind={hull.part.kind} x={hull.box.left} y={hull.box.top} width={hull.box.right - hull.box.left} height={hull.box.bottom - hull.box.top} rx="8" />
          <text className="hull-name" x={hull.box.left + 12} y={hull.box.top + 18}>
            {hullTitle(hull)}
          </text>
        </g>
      ))}
      <StaticPieces pieces={model.pieces} wires={wires} places={model.places} routes={model.routes} insides={model.insides} picture={picture} />
      {rowsOf(model).map(({ letter, box: row }) => (
        <text key={letter} className="static-letter" x={row.left} y={row.top - 6}>
          {letter}
        </text>
      ))}
    </svg>
  );
}
