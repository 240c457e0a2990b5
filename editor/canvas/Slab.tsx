import type { Piece } from "./drawing";
import { columnCells, laminations, plate } from "./geometry";
import { curveOf, insideOf, isDotted } from "./glyphs";

const n = (value: number): number => Math.round(value * 100) / 100;

/** The body of a piece as SVG; the left end of its face's middle line is at (0, 0). */
export function Slab({ piece, plain = false }: { piece: Piece; plain?: boolean }) {
  return (
    <g className="slab" data-family={piece.family} data-form={piece.form}>
      {piece.plates ? <Plates piece={piece} plates={piece.plates} plain={plain} /> : <Body piece={piece} plain={plain} />}
    </g>
  );
}

/** A slab that stands for several blocks: sheets one behind the other, the front one as it is drawn alone. */
function Plates({ piece, plates, plain }: { piece: Piece; plates: number; plain: boolean }) {
  const { w, h, dx, dy } = piece.size;
  const behind = Array.from({ length: plates - 1 }, (_, index) => plates - 1 - index);
  const front: Piece = { ...piece, size: { w, h, dx: dx - (plates - 1) * plate.dx, dy: dy - (plates - 1) * plate.dy } };
  return (
    <>
      {behind.map((back) => (
        <g key={back} className="slab-behind" transform={`translate(${n(back * plate.dx)} ${n(-back * plate.dy)})`}>
          <Body piece={front} plain />
        </g>
      ))}
      <Body piece={front} plain={plain} />
    </>
  );
}

function Body({ piece, plain }: { piece: Piece; plain: boolean }) {
  switch (piece.form) {
    case "slab":
      return <Volume piece={piece} plain={plain} />;
    case "ghost":
      return <Volume piece={piece} plain />;
    case "column":
      return <Column piece={piece} />;
    case "disc":
      return <Disc radius={piece.size.w / 2} />;
    case "tile":
      return <Tile piece={piece} />;
    case "point":
    case "hull":
      return null;
  }
}

function Volume({ piece, plain }: { piece: Piece; plain: boolean }) {
  const { w, h, dx, dy } = piece.size;
  const top = -h / 2;
  return (
    <>
      <path className="slab-top" d={`M0 ${n(top)}l${n(dx)} ${n(-dy)}h${n(w)}l${n(-dx)} ${n(dy)}z`} />
      <path className="slab-side" d={`M${n(w)} ${n(top)}l${n(dx)} ${n(-dy)}v${n(h)}l${n(-dx)} ${n(dy)}z`} />
      {!plain && <path className="slab-lines" d={linesOf(piece)} />}
      {!plain && piece.parts && <path className="slab-parts" d={partLines(piece, piece.parts)} />}
      <rect className="slab-face" x="0" y={n(top)} width={n(w)} height={n(h)} />
      {!plain && <FaceMark piece={piece} />}
    </>
  );
}

/** The outline of a layer `share` of the way back. */
const layer = ({ size: { w, h, dx, dy } }: Piece, share: number): string =>
  `M${n(share * dx)} ${n(-h / 2 - share * dy)}h${n(w)}v${n(h)}`;

function linesOf(piece: Piece): string {
  if (piece.parts) return "";
  const count = Math.min(laminations(piece.shape?.[0] ?? 1), Math.max(1, Math.floor(piece.size.dx / 2)));
  return Array.from({ length: count - 1 }, (_, index) => layer(piece, (index + 1) / count)).join("");
}

function partLines(piece: Piece, parts: number[]): string {
  const total = parts.reduce((sum, part) => sum + part, 0);
  let before = 0;
  return parts
    .slice(0, -1)
    .map((part) => {
      before += part;
      return layer(piece, before / total);
    })
    .join("");
}

/** The kernel as a grid with its centre inked, a pool inks a corner; a composite shows its wiring. */
function FaceMark({ piece }: { piece: Piece }) {
  const { w, h } = piece.size;
  if (piece.composite || piece.fold?.composite) {
    const side = Math.min(20, w * 0.62, h * 0.62);
    return (
      <g transform={`translate(${n((w - side) / 2)} ${n(-side / 2)}) scale(${n(side / 20)})`}>
        <path className="slab-inside" d={insideOf(piece.block)} />
      </g>
    );
  }
  if (!piece.kernel || piece.family === "data") return null;
  return <Kernel kernel={piece.kernel} w={w} h={h} pool={piece.family === "pool"} />;
}

function Kernel({ kernel, w, h, pool }: { kernel: [number, number]; w: number; h: number; pool: boolean }) {
  const [rows, columns] = kernel.map((cells) => Math.min(11, cells)) as [number, number];
  const cell = Math.min(5, (w * 0.66) / columns, (h * 0.66) / rows);
  const left = w / 2 - (columns * cell) / 2;
  const top = (-rows * cell) / 2;
  const inked = pool ? { x: left, y: top } : { x: left + Math.floor(columns / 2) * cell, y: top + Math.floor(rows / 2) * cell };
  const across = Array.from({ length: rows + 1 }, (_, row) => `M${n(left)} ${n(top + row * cell)}h${n(columns * cell)}`);
  const down = Array.from({ length: columns + 1 }, (_, column) => `M${n(left + column * cell)} ${n(top)}v${n(rows * cell)}`);
  return (
    <>
      <rect className="slab-cell" x={n(inked.x)} y={n(inked.y)} width={n(cell)} height={n(cell)} />
      {cell > 1.6 && <path className="slab-grid" d={[...across, ...down].join("")} />}
    </>
  );
}

function Column({ piece }: { piece: Piece }) {
  const { w, h } = piece.size;
  const { cells, broken } = columnCells(piece.shape?.[0] ?? 1);
  const cell = h / cells;
  const rows = Array.from({ length: cells }, (_, index) => index).filter((index) => !broken || index !== 5);
  return (
    <>
      {rows.map((index) => (
        <rect key={index} className="slab-unit" x="0" y={n(-h / 2 + index * cell)} width={n(w)} height={n(cell)} />
      ))}
      {broken && <path className="slab-gap" d={`M${n(w / 2)} ${n(-cell * 0.22)}v.1M${n(w / 2)} ${n(cell * 0.22)}v.1`} />}
    </>
  );
}

function Disc({ radius }: { radius: number }) {
  const arm = radius * 0.5;
  return (
    <>
      <circle className="slab-face" cx={radius} cy="0" r={radius} />
      <path className="slab-plus" d={`M${radius - arm} 0h${2 * arm}M${radius} ${-arm}v${2 * arm}`} />
    </>
  );
}

function Tile({ piece }: { piece: Piece }) {
  const { w, h } = piece.size;
  return (
    <>
      <rect className="slab-face" x="0" y={-h / 2} width={w} height={h} rx="2" />
      <Curve block={piece.block} family={piece.family} x={(w - 20) / 2} y={-7.5} width={20} />
    </>
  );
}

/** The curve of an activation, `width` wide and three quarters as high. */
export function Curve({ block, family, x, y, width }: { block: string; family: string; x: number; y: number; width: number }) {
  return (
    <g transform={`translate(${n(x)} ${n(y)}) scale(${n(width / 16)})`}>
      <path className="slab-curve" data-dotted={isDotted(block) || undefined} d={curveOf(block, family)} />
    </g>
  );
}

/** The outline six pixels off that says: chosen. */
export function Silhouette({ piece }: { piece: Piece }) {
  const { w, h, dx, dy } = piece.size;
  const off = 6;
  if (piece.form === "disc") return <circle className="silhouette" cx={w / 2} cy="0" r={w / 2 + off} />;
  if (piece.form !== "slab" && piece.form !== "ghost" && !piece.plates) {
    return <rect className="silhouette" x={-off} y={-h / 2 - off} width={w + 2 * off} height={h + 2 * off} rx="3" />;
  }
  const bottom = h / 2 + off;
  const corners = `M${-off} ${n(bottom)}V${n(-h / 2 - 2)}L${n(dx - 4)} ${n(-h / 2 - dy - off)}H${n(w + dx + off)}V${n(h / 2 - dy + 2)}L${n(w + 4)} ${n(bottom)}z`;
  return <path className="silhouette" d={corners} />;
}
