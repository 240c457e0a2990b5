import { useMemo } from "react";
import { blocksOf } from "../canvas/blocks";
import { type Blocks, draw, type Drawing, subjectOf } from "../canvas/drawing";
import { boxAt } from "../canvas/geometry";
import { layout } from "../canvas/layout";
import { routeAll } from "../canvas/route";
import { StaticPieces } from "../canvas/StaticPieces";
import { fullCount, shortCount } from "../canvas/words";
import type { Analysis, Network, Totals } from "../generated/types";
import { useStore } from "../store";
import { selectTotals } from "../store/analysis";
import { useCatalogue } from "../store/catalogue";
import { edgeKeys } from "../store/graph";
import { countingOf } from "./counting";

/** What is now and what it would be, drawn alike. Without what it would be, the room for it, so that nothing moves when it comes. */
export function NowAndAfter({ made, after }: { made: Network | null; after: Analysis | null }) {
  const network = useStore((state) => state.network);
  const now = useStore((state) => state.analysis);
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const pair = useMemo(
    () => (made && after ? { now: corner(network, made, now, blocks), after: corner(made, network, after, blocks) } : null),
    [made, network, now, after, blocks],
  );
  return (
    <div className="now-after" aria-hidden="true">
      <Side name="Now" drawn={pair?.now ?? null} />
      <Side name="After" drawn={pair?.after ?? null} />
    </div>
  );
}

function Side({ name, drawn }: { name: string; drawn: Corner | null }) {
  return (
    <figure data-after={name === "After" || undefined}>
      <svg viewBox={drawn?.view ?? "0 0 1 1"} preserveAspectRatio="xMidYMid meet">
        {drawn && <StaticPieces pieces={drawn.drawing.pieces} wires={drawn.drawing.wires} places={drawn.places} routes={drawn.routes} words={false} />}
      </svg>
      <figcaption>{name}</figcaption>
    </figure>
  );
}

const GROWN = ["parameters", "macs"] as const;

/** The whole network's parameters, multiply-adds and receptive field, before and after. */
export function BeforeAfter({ after }: { after: Totals | null }) {
  const now = useStore(selectTotals);
  const fields = [now?.receptive_field, after?.receptive_field];
  return (
    <table className="before-after">
      <caption className="unseen">The whole network before and after</caption>
      <thead className="unseen">
        <tr>
          <th scope="col">What</th>
          <th scope="col">Now</th>
          <th scope="col">After</th>
          <th scope="col">Change</th>
        </tr>
      </thead>
      <tbody>
        {GROWN.map((key) => (
          <Line key={key} of={key} was={now?.[key]} will={after?.[key]} />
        ))}
        {fields.some(Boolean) && <FieldLine was={fields[0]} will={fields[1]} />}
      </tbody>
    </table>
  );
}

const brief = (value: number | undefined): string => (value === undefined ? "" : value < 1e5 ? fullCount(value) : shortCount(value));

function Line({ of, was, will }: { of: string; was: number | undefined; will: number | undefined }) {
  const change = was === undefined || will === undefined ? "" : changeText(was, will);
  const better = was !== undefined && will !== undefined && will < was;
  return (
    <tr data-same={change === "same" || undefined}>
      <th scope="row">{countingOf(of).name}</th>
      <td>{brief(was)}</td>
      <td>
        <span aria-hidden="true">→ </span>
        {will === undefined ? "…" : brief(will)}
      </td>
      <td data-better={better || undefined}>{change}</td>
    </tr>
  );
}

/** A difference in percent with its sign, the last column of the table. */
export function changeText(was: number, will: number): string {
  if (was === will) return "same";
  if (was === 0) return "new";
  const share = (100 * Math.abs(will - was)) / was;
  const sign = will < was ? "−" : "+";
  return share > 999 ? `${sign}${Math.round(share / 100)}×` : `${sign}${share >= 9.95 ? Math.round(share) : share >= 0.05 ? share.toFixed(1) : "0.0"}%`;
}

type Field = readonly number[] | null | undefined;

function FieldLine({ was, will }: { was: Field; will: Field }) {
  const one = (field: Field) => (field ? field.join("×") : "–");
  const same = was && will ? one(was) === one(will) : false;
  const wider = was && will ? (will[0] ?? 0) * (will[1] ?? 0) > (was[0] ?? 0) * (was[1] ?? 0) : false;
  return (
    <tr data-same={same || undefined}>
      <th scope="row">{countingOf("receptive_field").name}</th>
      <td>{one(was)}</td>
      <td>
        <span aria-hidden="true">→ </span>
        {will === undefined ? "…" : one(will)}
      </td>
      <td>{!was || !will ? "" : same ? "same" : wider ? "wider" : "narrower"}</td>
    </tr>
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
export function differing(network: Network, other: Network): string[] {
  const theirs = new Map(other.nodes.map((node) => [node.id, node]));
  const changed = network.nodes.filter((node) => {
    const twin = theirs.get(node.id);
    return !twin || twin.block !== node.block || JSON.stringify(twin.params) !== JSON.stringify(node.params);
  });
  const wires = new Set(other.edges.map((edge) => `${edge.source}>${edge.target}`));
  const cut = network.edges.filter((edge) => !wires.has(`${edge.source}>${edge.target}`));
  return [...changed.map((node) => node.id), ...cut.flatMap((edge) => [edge.source, edge.target])];
}
