import { useMemo } from "react";
import { blocksOf } from "../canvas/blocks";
import { type Blocks, draw, type Drawing, subjectOf } from "../canvas/drawing";
import { boxAt } from "../canvas/geometry";
import { layout } from "../canvas/layout";
import { routeAll } from "../canvas/route";
import { StaticPieces } from "../canvas/StaticPieces";
import { fullCount, shortCount } from "../canvas/words";
import type { Analysis, Network } from "../generated/types";
import { useStore } from "../store";
import { useCatalogue } from "../store/catalogue";
import { edgeKeys } from "../store/graph";

type Quantity = "macs" | "parameters";

/** What is now and what it would be, drawn alike, with the cost of the blocks in question. */
export function NowAndAfter({ made, after }: { made: Network; after: Analysis }) {
  const network = useStore((state) => state.network);
  const now = useStore((state) => state.analysis);
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const pair = useMemo(
    () => ({ now: corner(network, made, now, blocks), after: corner(made, network, after, blocks) }),
    [made, network, now, after, blocks],
  );
  if (!now || !pair.now || !pair.after) return null;
  const change = (of: Quantity) => Math.abs(Math.log(Math.max(1, after.totals[of]) / Math.max(1, now.totals[of])));
  const quantity = change("macs") > change("parameters") ? "macs" : "parameters";
  const [was, will] = [now.totals[quantity], after.totals[quantity]];
  const saved = was > 0 && will > 0 ? Math.round(100 * (1 - will / was)) : 0;
  return (
    <div className="now-after">
      <Side name="Now" drawn={pair.now} cost={was} of={quantity} saved={0} />
      <Side name="After" drawn={pair.after} cost={will} of={quantity} saved={saved} />
    </div>
  );
}

function Side({ name, drawn, cost, of, saved }: { name: string; drawn: Corner; cost: number; of: Quantity; saved: number }) {
  return (
    <figure data-after={name === "After" || undefined}>
      <svg viewBox={drawn.view} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
        <StaticPieces pieces={drawn.drawing.pieces} wires={drawn.drawing.wires} places={drawn.places} routes={drawn.routes} words={false} />
      </svg>
      <figcaption>
        <span>{name}</span>
        <span className="number" title={`${of === "macs" ? "Multiply-adds" : "Parameters"} of the whole network`}>
          {cost > 0 && (of === "parameters" ? `${cost < 1e6 ? fullCount(cost) : shortCount(cost)} par.` : shortCount(cost))}
          {saved !== 0 && <span data-saved={saved > 0 || undefined}> {saved > 0 ? "−" : "+"}{Math.abs(saved)}%</span>}
        </span>
      </figcaption>
    </figure>
  );
}

interface Corner {
  drawing: Drawing;
  places: ReturnType<typeof layout>;
  routes: ReturnType<typeof routeAll>;
  view: string;
}

const MOST = 5;

/** The part of a network that differs from another, with its neighbours. */
function corner(network: Network, other: Network, analysis: Analysis | null, blocks: Blocks): Corner | null {
  const whole = draw(subjectOf(network, analysis, edgeKeys(network)), blocks);
  const differs = new Set(differing(network, other).map((id) => whole.root.get(id) ?? id));
  const near = new Set(differs);
  for (const wire of whole.wires) {
    if (differs.has(wire.source)) near.add(wire.target);
    if (differs.has(wire.target)) near.add(wire.source);
  }
  const kept = [...near].filter((id) => whole.pieces.has(id)).slice(0, MOST);
  if (kept.length === 0) return null;
  const pieces = new Map(kept.flatMap((id) => {
    const piece = whole.pieces.get(id);
    return piece ? [[id, { ...piece, label: "" }] as const] : [];
  }));
  const wires = whole.wires.filter((wire) => pieces.has(wire.source) && pieces.has(wire.target)).map((wire) => ({ ...wire, shape: null }));
  const drawing = { ...whole, pieces, wires };
  const places = layout(drawing);
  const boxes = kept.map((id) => {
    const place = places.get(id) ?? { x: 0, y: 0 };
    return boxAt(pieces.get(id)?.size ?? { w: 0, h: 0, dx: 0, dy: 0 }, place.x, place.y);
  });
  const left = Math.min(...boxes.map((box) => box.left)) - 4;
  const top = Math.min(...boxes.map((box) => box.top)) - 4;
  const width = Math.max(...boxes.map((box) => box.right)) + 4 - left;
  const height = Math.max(...boxes.map((box) => box.bottom)) + 4 - top;
  return { drawing, places, routes: routeAll(pieces, wires, places), view: `${left} ${top} ${width} ${height}` };
}

/** Blocks that are not the same in the other network, and the ends of wires it does not have. */
function differing(network: Network, other: Network): string[] {
  const theirs = new Map(other.nodes.map((node) => [node.id, node]));
  const changed = network.nodes.filter((node) => {
    const twin = theirs.get(node.id);
    return !twin || twin.block !== node.block || JSON.stringify(twin.params) !== JSON.stringify(node.params);
  });
  const wires = new Set(other.edges.map((edge) => `${edge.source}>${edge.target}`));
  const cut = network.edges.filter((edge) => !wires.has(`${edge.source}>${edge.target}`));
  return [...changed.map((node) => node.id), ...cut.flatMap((edge) => [edge.source, edge.target])];
}
