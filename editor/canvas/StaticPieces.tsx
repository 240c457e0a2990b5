import type { Piece, Wire } from "./drawing";
import type { Picture } from "./marks";
import type { Point } from "./rounded";
import type { Route } from "./route";
import { AnyImage, Sample } from "./Sample";
import { Curve, Slab } from "./Slab";
import { WireLabel } from "./WireLabel";
import { shapeText, fullCount } from "./words";

interface Props {
  pieces: ReadonlyMap<string, Piece>;
  wires: readonly Wire[];
  places: ReadonlyMap<string, Point>;
  routes: ReadonlyMap<string, Route>;
  /** Names and shapes beside the drawing. */
  words?: boolean;
  /** Hairlines that would vanish at this size are left out. */
  plain?: boolean;
  /** A sample of the data, for the input's face. */
  picture?: Picture | null;
}

/** A network as plain SVG: inside an open block, in a thumbnail, in a notice. */
export function StaticPieces({ pieces, wires, places, routes, words = true, plain = false, picture = null }: Props) {
  return (
    <>
      {wires.map((wire) => {
        const route = routes.get(wire.key);
        const ends = pieces.get(wire.target)?.form === "point";
        return route && <path key={wire.key} className="wire" d={route.d} markerEnd={ends ? undefined : "url(#wire-head)"} />;
      })}
      {words && wires.map((wire) => pieces.get(wire.source)?.form !== "point" && pieces.get(wire.target)?.form !== "point" && <WireLabel key={wire.key} route={routes.get(wire.key)} shape={wire.shape} />)}
      {[...pieces.values()].map((piece) => {
        const place = places.get(piece.id);
        return place && <Placed key={piece.id} piece={piece} place={place} words={words} plain={plain} picture={picture} />;
      })}
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
        <text className="static-name" x={w / 2} y={h / 2 + 15}>
          {piece.label}
        </text>
      )}
      {words && <title>{`${piece.label}, ${shapeText(piece.shape)}, ${fullCount(piece.parameters)} parameters, ${fullCount(piece.macs)} multiply-adds`}</title>}
    </g>
  );
}
