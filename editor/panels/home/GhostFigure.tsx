// The outline of a network that is not drawn yet, with a real first slab.
import { ACROSS, UP } from "../../canvas/geometry";

interface Ghost {
  x: number;
  /** Side of the square face and thickness, px. */
  face: number;
  depth: number;
  family: string;
}

const MIDDLE = 120;
const SLABS: Ghost[] = [
  { x: 14, face: 80, depth: 7, family: "data" },
  { x: 136, face: 80, depth: 25, family: "conv" },
  { x: 268, face: 52, depth: 25, family: "pool" },
  { x: 370, face: 52, depth: 36, family: "conv" },
  { x: 476, face: 18, depth: 36, family: "pool" },
];
const UNITS = Array.from({ length: 10 }, (_, index) => index);

/** A handwritten seven, 8 × 8, row by row: one bit a pixel, so that the first slab shows data as data is. */
const SEVEN = [0x00, 0x3e, 0x02, 0x04, 0x08, 0x18, 0x10, 0x00];

export function GhostFigure() {
  return (
    <svg className="ghost-figure" viewBox="0 0 560 220" role="img" aria-label="The outline of a network, waiting to be drawn">
      <path className="ghost-wire" d={`M98 ${MIDDLE}H540`} />
      {SLABS.map((slab, index) => (
        <Slab key={slab.x} slab={slab} real={index === 0} />
      ))}
      <g opacity="0.6">
        {UNITS.map((unit) => (
          <rect key={unit} x="538" y={MIDDLE - 40 + unit * 8} width="14" height="8" className="ghost-unit" />
        ))}
      </g>
    </svg>
  );
}

function Slab({ slab: { x, face, depth, family }, real }: { slab: Ghost; real: boolean }) {
  const top = MIDDLE - face / 2;
  const dx = depth * ACROSS;
  const dy = depth * UP;
  return (
    <g className={real ? "slab" : "slab ghost-slab"} data-family={family}>
      <path className="slab-top" d={`M${x} ${top}l${dx} ${-dy}h${face}l${-dx} ${dy}z`} />
      <path className="slab-side" d={`M${x + face} ${top}l${dx} ${-dy}v${face}l${-dx} ${dy}z`} />
      <rect className="slab-face" x={x} y={top} width={face} height={face} />
      {real && <Digit x={x} y={top} cell={face / 8} />}
    </g>
  );
}

function Digit({ x, y, cell }: { x: number; y: number; cell: number }) {
  const cells = SEVEN.flatMap((bits, row) => Array.from({ length: 8 }, (_, column) => ({ row, column, on: (bits >> (7 - column)) & 1 })));
  return (
    <>
      {cells.map(({ row, column, on }) => (
        <rect key={`${row} ${column}`} className="ghost-pixel" data-on={on || undefined} x={x + column * cell} y={y + row * cell} width={cell} height={cell} />
      ))}
    </>
  );
}
