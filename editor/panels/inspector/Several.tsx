import type { ReactNode } from "react";
import { useShallow } from "zustand/react/shallow";
import { nameOf, setParam } from "../../actions/session";
import { edgeOf } from "../../actions/session";
import { withTabs } from "../../canvas/stage";
import { shapeText } from "../../canvas/words";
import { useStore } from "../../store";
import { useCatalogue } from "../../store/catalogue";
import { FieldForm } from "../../ui/FieldForm";
import { Counted } from "../Counted";

const SUMMED = ["parameters", "macs", "activation_bytes"] as const;

/** Several blocks, or a wire: what they cost together, and the settings they share. */
export function Several({ ids, wires, foot }: { ids: string[]; wires: number; foot: ReactNode }) {
  return (
    <aside className="inspector" aria-label="Inspector">
      {ids.length > 1 ? <Blocks ids={ids} /> : <WireFacts count={wires} />}
      {foot}
    </aside>
  );
}

function Blocks({ ids }: { ids: string[] }) {
  const nodes = useStore(useShallow((state) => state.network.nodes.filter((node) => ids.includes(node.id))));
  const facts = useStore(useShallow((state) => withTabs(ids).flatMap((id) => state.analysis?.nodes[id] ?? [])));
  const kinds = new Set(nodes.map((node) => node.block));
  const block = useCatalogue((state) => (kinds.size === 1 ? state.block[nodes[0]?.block ?? ""] : undefined));
  const first = nodes[0];
  const shared = block?.fields.filter((field) => field.kind !== "network") ?? [];
  return (
    <>
      <header>
        <h2 className="inspector-name">{ids.length} blocks</h2>
        <p className="small muted">{nodes.slice(0, 4).map((node) => nameOf(node.id)).join(", ")}{nodes.length > 4 && " …"}</p>
      </header>
      <div className="inspector-body scroll">
        {first && shared.length > 0 && (
          <FieldForm
            fields={shared}
            values={first.params}
            onChange={(name, value) => setParam(ids, name, value, shared.find((field) => field.name === name)?.label ?? name)}
            onSettle={() => useStore.getState().settle()}
          />
        )}
        <section className="inspector-part">
          <h3 className="group-name">Together</h3>
          <dl className="counted-list">
            {SUMMED.map((key) => (
              <Counted key={key} scope="block" of={key} value={facts.reduce((sum, fact) => sum + fact[key], 0)} parts={facts.map((fact) => ({ label: fact.label, value: fact[key] }))} />
            ))}
          </dl>
        </section>
      </div>
    </>
  );
}

function WireFacts({ count }: { count: number }) {
  const edge = useStore((state) => edgeOf(state.network, state.selectedEdges[0] ?? ""));
  const shape = useStore((state) => state.analysis?.nodes[edge?.source ?? ""]?.shape);
  if (!edge || count > 1) return <header><h2 className="inspector-name">{count} wires</h2></header>;
  return (
    <>
      <header>
        <h2 className="inspector-name">Wire</h2>
        <p className="number inspector-shape">{shapeText(shape)}</p>
      </header>
      <div className="inspector-body scroll">
        <dl className="facts">
          <dt>From</dt>
          <dd>{nameOf(edge.source)}</dd>
          <dt>To</dt>
          <dd>{nameOf(edge.target)}</dd>
        </dl>
        <p className="inspector-text muted">Drop a block from the left onto the wire to put it in between. Drag an end to lead it elsewhere.</p>
      </div>
    </>
  );
}
