import type { BlockView } from "../generated/types";
import type { Piece } from "./drawing";
import { insideOf } from "./glyphs";
import { Curve, Slab } from "./Slab";

/** A block's icon: the slab itself at 20 px. */
export function Glyph({ block }: { block: BlockView }) {
  return (
    <svg className="glyph slab" data-family={block.family} viewBox="0 0 20 20" aria-hidden="true">
      <Drawn block={block} />
    </svg>
  );
}

function Drawn({ block }: { block: BlockView }) {
  const family = block.family;
  if (family === "activation" || family === "steadying") {
    return (
      <>
        <rect className="slab-face" x="2.5" y="3.5" width="15" height="13" />
        <Curve block={block.kind} family={family} x={3.6} y={5.2} width={12.8} />
      </>
    );
  }
  if (block.kind === "add") return <Placed piece={small(block, { form: "disc", size: { w: 13, h: 13, dx: 0, dy: 0 } })} x={3.5} y={10} />;
  if (block.composite) return <Composite block={block} />;
  if (block.max_inputs === null) return <path className="slab-face" d="M3 4h5v12H3zM8 4h3v12H8zM11 4h6v12h-6z" />;
  if (family === "dense") return <Columns thin={block.kind === "flatten"} />;
  if (family === "data") return <Placed piece={small(block, { size: { w: 11, h: 11, dx: 3, dy: 1.8 } })} x={3} y={11.4} />;
  if (block.kind.startsWith("global")) return <Placed piece={small(block, { size: { w: 5, h: 5, dx: 7.4, dy: 4.3 } })} x={4} y={13} />;
  const kernel: [number, number] = family === "pool" ? [2, 2] : [3, 3];
  return <Placed piece={small(block, { kernel, size: { w: 11, h: 11, dx: 5, dy: 2.9 } })} x={2} y={12.4} />;
}

function Placed({ piece, x, y }: { piece: Piece; x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <Slab piece={piece} />
    </g>
  );
}

function Composite({ block }: { block: BlockView }) {
  const boxes = block.kind.startsWith("inception") ? "M8 2h4v4H8zM8 8h4v4H8zM8 14h4v4H8z" : "M6.8 9.5h6.4v6H6.8z";
  return (
    <>
      <path className="glyph-wire" d={insideOf(block.kind)} />
      <path className="slab-face" d={boxes} />
    </>
  );
}

function Columns({ thin }: { thin: boolean }) {
  return <path className="slab-face" d={thin ? "M8 2h5v16H8zM8 5.2h5M8 8.4h5M8 11.6h5M8 14.8h5" : "M4 4h4v12H4zM4 8h4M4 12h4M12 2h4v16h-4zM12 6h4M12 10h4M12 14h4"} />;
}

const small = (block: BlockView, rest: Partial<Piece>): Piece => ({
  id: block.kind,
  block: block.kind,
  family: block.family,
  label: block.label,
  kindLabel: block.label,
  form: "slab",
  size: { w: 11, h: 11, dx: 5, dy: 3 },
  shape: [1, 1, 1],
  kernel: null,
  parts: null,
  tabs: [],
  composite: false,
  parameters: 0,
  macs: 0,
  ...rest,
});
