import { goTo, setFollowing } from "../../actions/session";
import { useStore } from "../../store";
import { useCatalogue } from "../../store/catalogue";
import { IconButton } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { followersOf } from "../../actions/following";

/** What comes right after a slab: its normalisation and its activation, as if they were settings of it. */
export function Following({ id }: { id: string }) {
  const blocks = useCatalogue((state) => state.blocks);
  const views = useCatalogue((state) => state.block);
  const network = useStore((state) => state.network);
  const kind = network.nodes.find((node) => node.id === id)?.block ?? "";
  const view = views[kind];
  if (!view || view.composite || !["conv", "dense", "join"].includes(view.family) || !view.has_output || kind === "flatten") return null;
  const { activation, norm } = followersOf(network, id, (block) => views[block]?.family ?? "");
  const activations = blocks.filter((block) => block.family === "activation");
  const hasNorm = views.batch_norm !== undefined;
  const options = [{ value: "", label: "None" }, ...activations.map((block) => ({ value: block.kind, label: block.label }))];
  return (
    <div className="following">
      <div className="field">
        <div className="field-label">
          <label htmlFor={`${id}-activation`}>Activation</label>
        </div>
        <div className="field-control">
          <Select id={`${id}-activation`} options={options} value={activation?.block ?? ""} onChoose={(next) => setFollowing(id, "activation", next || null)} />
          {activation && <More id={activation.id} of="the activation" />}
        </div>
      </div>
      {hasNorm && (
        <div className="field">
          <div className="field-label">
            <span id={`${id}-norm`}>Batch norm</span>
          </div>
          <div className="field-control">
            <span className="segments" role="radiogroup" aria-labelledby={`${id}-norm`}>
              {[true, false].map((on) => (
                <label key={String(on)}>
                  <input type="radio" name={`${id}-norm`} checked={(norm !== null) === on} onChange={() => setFollowing(id, "norm", on ? "batch_norm" : null)} />
                  {on ? "on" : "off"}
                </label>
              ))}
            </span>
            {norm && <More id={norm.id} of="the batch norm" />}
          </div>
        </div>
      )}
    </div>
  );
}

function More({ id, of }: { id: string; of: string }) {
  return <IconButton label={`Settings of ${of}`} icon="sliders" size="small" onClick={() => goTo(id)} />;
}
