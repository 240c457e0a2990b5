import type { Piece, Wire } from "./drawing";
import type { Inside } from "./inside";
import type { Picture } from "./marks";
import { nameLines } from "./names";
import type { Point } from "./rounded";
import type { Route } from "./route";
import { AnyImage, Sample } from "./Sample";
import { Curve, Slab } from "./Slab";
import { WireLabel } from "./WireLabel";
import { foldSums, fullCount, shapeText } from "./words";

interface Props {
  pieces: ReadonlyMap<string, Piece>;
  wires: readonly Wire[];
  places: ReadonlyMap<string, Point>;
  routes: ReadonlyMap<string, Route>;
  /** Names and shapes beside the drawing. */
  words?: boolean;
  /** Hairlines that would vanish at this size are left out. */
  plain?: boolean;
  /** Part of the figure that is zoomed: words keep their size on the screen. */
  zooms?: boolean;
  /** A sample of the data, for the input's face. */
  picture?: Picture | null;
  /** What open composite blocks show. */
  insides?: ReadonlyMap<string, Inside>;
}

const NO_INSIDES: ReadonlyMap<string, Inside> = new Map();

/** A network as plain SVG: inside an open block, in a thumbnail, in a notice. */
export function StaticPieces({ pieces, wires, places, routes, words = true, plain = false, zooms = false, picture = null, insides = NO_INSIDES }: Props) {
  return (
    <>
      {wires.map((wire) => {
        const route = routes.get(wire.key);
        const ends = pieces.get(wire.target)?.form === "point";
        return route && <path key={wire.key} className="wire" d={route.d} markerEnd={ends ? undefined : "url(#wire-head)"} />;
      })}
      {words && wires.map((wire) => pieces.get(wire.source)?.form !== "point" && pieces.get(wire.target)?.form !== "point" && <WireLabel key={wire.key} route={routes.get(wire.key)} shape={wire.shape} still={!zooms} />)}
      {[...pieces.values()].map((piece) => {
        const place = places.get(piece.id);
        const inside = insides.get(piece.id);
        if (place && inside) {
          return (
            <g key={piece.id} transform={`translate(${place.x} ${place.y})`}>
              <OpenHull piece={piece} inside={inside} />
            </g>
          );
        }
        return place && <Placed key={piece.id} piece={piece} place={place} words={words} plain={plain} picture={picture} />;
      })}
    </>
  );
}

/** An open composite block: a dotted hull with an italic name, and the figure of what is inside. */
export function OpenHull({ piece, inside, zooms = false }: { piece: Piece; inside: Inside; zooms?: boolean }) {
  const { w, h } = piece.size;
  return (
    <>
      <rect className="hull" x="0" y={-h / 2} width={w} height={h} rx="8" />
      <text className="hull-name" x="14" y={-h / 2 + 20}>
        {piece.label}
      </text>
      <StaticPieces pieces={inside.drawing.pieces} wires={inside.drawing.wires} places={inside.places} routes={inside.routes} zooms={zooms} />
    </>
  );
}

function Placed({ piece, place, words, plain, picture }: { piece: Piece; place: Point; words: boolean; plain: boolean; picture: Picture | null }) {
  if (piece.form === "point") return null;
  const { w, h } = piece.size;
  return (
    <g transform={`translate(${place.x} ${place.y})`}>
      <Slab piece={piece} plain={plain} />
      {piece.block === "input" && piece.form === "slab" && (picture ? <Sample picture={picture} w={w} h={h} /> : <AnyImage w={w} h={h} />)}
      {!plain &&
        piece.tabs.map((tab, index) => (
          <g key={tab.id} className="slab" data-family={tab.family} transform={`translate(${w - 15 * (piece.tabs.length - index) + 0.5} ${h / 2 - 12 + 0.5})`}>
            <rect className="slab-face" x="0.5" y="0.5" width="14" height="11" />
            <Curve block={tab.block} family={tab.family} x={2} y={1.9} width={11} />
          </g>
        ))}
      {words && (
        <StaticName piece={piece} />
      )}
      {words && <title>{`${piece.label}, ${shapeText(piece.shape)}, ${fullCount(piece.parameters)} parameters, ${fullCount(piece.macs)} multiply-adds`}</title>}
    </g>
  );
}

/** The words under a slab; a folded stage says its name, what is in it and what that costs. */
function StaticName({ piece }: { piece: Piece }) {
  const { w, h } = piece.size;
  const stage = piece.fold?.kind === "stage";
  const lines = stage ? nameLines(piece.fold?.holds ?? "") : nameLines(piece.label);
  const sums = stage ? foldSums(piece).split("\n") : [];
  const first = h / 2 + (stage ? 34 : 17);
  return (
    <>
      {stage && (
        <text className="static-stage" x={w / 2} y={h / 2 + 18}>
          {piece.label}
        </text>
      )}
      <text className="static-name" x={w / 2} y={first}>
        {lines.map((line, index) => (
          <tspan key={line} x={w / 2} dy={index === 0 ? 0 : "1.22em"}>
            {line}
          </tspan>
        ))}
      </text>
      {sums.map((line, index) => (
        <text key={line} className="static-sum" x={w / 2} y={first + 14 * (lines.length + index)}>
          {line}
        </text>
      ))}
    </>
  );
}
