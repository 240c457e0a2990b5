import { useShallow } from "zustand/react/shallow";
import { goTo, nameOf } from "../../actions/session";
import { takesText } from "../../actions/wiring";
import { shapeText } from "../../canvas/words";
import { useStore } from "../../store";
import { useCatalogue } from "../../store/catalogue";

/** What feeds the block and what reads it; pressing one goes there. */
export function Wires({ id }: { id: string }) {
  const into = useStore(useShallow((state) => state.network.edges.filter((edge) => edge.target === id).map((edge) => edge.source)));
  const out = useStore(useShallow((state) => state.network.edges.filter((edge) => edge.source === id).map((edge) => edge.target)));
  const block = useStore((state) => state.network.nodes.find((node) => node.id === id)?.block ?? "");
  const view = useCatalogue((state) => state.block[block]);
  return (
    <section className="inspector-part" aria-label="Wires">
      <h3 className="group-name">Wires</h3>
      <dl className="facts">
        {into.map((source, index) => (
          <Line key={`in ${source}`} name={index === 0 ? "In" : ""} id={source} shapeOf={source} />
        ))}
        {into.length === 0 && view?.takes !== "nothing" && <Nothing name="In" words={takesText(view)} />}
        {out.map((target, index) => (
          <Line key={`out ${target}`} name={index === 0 ? "Out" : ""} id={target} shapeOf={id} />
        ))}
        {out.length === 0 && view?.has_output && <Nothing name="Out" words="nothing reads it" />}
      </dl>
    </section>
  );
}

function Line({ name, id, shapeOf }: { name: string; id: string; shapeOf: string }) {
  const shape = useStore((state) => state.analysis?.nodes[shapeOf]?.shape);
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <button type="button" className="wire-end" onClick={() => goTo(id)}>
          {nameOf(id)}
        </button>{" "}
        <span className="number muted">{shapeText(shape)}</span>
      </dd>
    </>
  );
}

function Nothing({ name, words }: { name: string; words: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="muted">{words}</dd>
    </>
  );
}
