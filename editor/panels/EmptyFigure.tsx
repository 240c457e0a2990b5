import { useMemo } from "react";
import { blocksOf } from "../canvas/blocks";
import { StaticPieces } from "../canvas/StaticPieces";
import type { Piece, Wire } from "../canvas/drawing";
import { routeAll } from "../canvas/route";
import { addFromPalette } from "../actions/session";
import { Link, paths } from "../routes";
import { useCatalogue } from "../store/catalogue";
import { Button } from "../ui/Button";

/** Before the first block: the ghost of a figure with a real first slab, one promise, one way in. */
export function EmptyFigure() {
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const first = blocks.get("input");
  const zoo = useCatalogue((state) => state.zoo);
  const ghost = useMemo(ghostFigure, []);
  const template = zoo.find((card) => card.template && /lenet/i.test(card.name)) ?? zoo.find((card) => card.template);
  return (
    <div className="empty-figure">
      <svg viewBox="-10 -56 560 112" width="520" height="104" aria-hidden="true">
        <StaticPieces {...ghost} words={false} />
      </svg>
      <h2>A network begins with its input</h2>
      <p>Every block you add is drawn as the volume it makes, with its cost beside it.</p>
      <div className="empty-ways">
        <Button look="main" blocked={first ? null : "The blocks are still loading"} onClick={() => addFromPalette("input")}>
          Place the input
        </Button>
        {template && (
          <Link className="button" data-look="quiet" href={paths.draft(template.name)}>
            Start from {template.title}
          </Link>
        )}
      </div>
    </div>
  );
}

/** Input and output stand, and nothing between them. */
export function FirstStep() {
  return <p className="first-step">Drag a block in between, or press one at the left: each goes after the last.</p>;
}

function ghostFigure() {
  const sizes = [60, 60, 42, 42, 28];
  const families = ["data", "conv", "pool", "conv", "pool"];
  const pieces = new Map<string, Piece>();
  const places = new Map<string, { x: number; y: number }>();
  const wires: Wire[] = [];
  sizes.forEach((side, index) => {
    const id = String(index);
    const size = { w: side, h: side, dx: 6 + 5 * index, dy: 3.5 + 2.9 * index };
    const form = index === 0 ? "slab" : "ghost";
    pieces.set(id, { id, block: id, family: families[index] ?? "conv", label: "", kindLabel: "", form, size, shape: null, kernel: null, parts: null, tabs: [], composite: false, parameters: 0, macs: 0 });
    places.set(id, { x: index * 112, y: 0 });
    if (index > 0) wires.push({ key: id, source: String(index - 1), target: id, from: String(index - 1), to: id, shape: null });
  });
  return { pieces, places, wires, routes: routeAll(pieces, wires, places) };
}
