import { useShallow } from "zustand/react/shallow";
import { command } from "../../actions/commands";
import { renameStage, toggleFold } from "../../actions/folds";
import { goTo, nameOf } from "../../actions/session";
import { LONGEST_STAGE } from "../../actions/stages";
import { type Foldable, isFolded } from "../../canvas/folding";
import { stage } from "../../canvas/stage";
import { byteText, fullCount, shapeText, shortCount } from "../../canvas/words";
import { useStore } from "../../store";
import { Button } from "../../ui/Button";
import { NameField } from "./NameField";

/** A stage that is chosen as a whole: its name, what it costs, and the blocks in it. */
export function OneStage({ part }: { part: Foldable }) {
  const name = useStore((state) => state.network.nodes.find((node) => node.id === part.ids[0])?.stage ?? part.name);
  const facts = useStore(useShallow((state) => part.ids.flatMap((id) => state.analysis?.nodes[id] ?? [])));
  const folded = useStore((state) => isFolded(part, state.folding ?? stage.model?.folding ?? { stages: false, runs: false, turned: [] }));
  const found = useStore((state) => state.analysis?.stages.find((other) => other.name === name && other.nodes.length === part.ids.length));
  const shape = found?.shape ?? stage.model?.pieces.get(part.key)?.shape;
  const sum = (of: "parameters" | "macs" | "activation_bytes") => facts.reduce((total, fact) => total + fact[of], 0);
  return (
    <aside className="inspector" aria-label="Inspector">
      <header>
        <div className="inspector-title">
          <NameField label="Name of the stage" name={name} longest={LONGEST_STAGE} onRename={(next) => renameStage({ ...part, name }, next)} />
          <span className="chip">stage</span>
        </div>
        {shape && <p className="number inspector-shape">{shapeText(shape)}</p>}
      </header>
      <div className="inspector-body scroll">
        <section className="inspector-part">
          <h3 className="group-name">Together</h3>
          <dl className="facts">
            <dt>Parameters</dt>
            <dd className="number">{fullCount(sum("parameters"))}</dd>
            <dt>Multiply-adds</dt>
            <dd className="number">{fullCount(sum("macs"))}</dd>
            <dt>Activations, one image</dt>
            <dd className="number">{byteText(sum("activation_bytes"))}</dd>
            {found && found.depth > 0 && (
              <>
                <dt title="Layers with weights on the longest path through it">Layers deep</dt>
                <dd className="number">{found.depth}</dd>
              </>
            )}
          </dl>
        </section>
        <Blocks part={part} />
      </div>
      <footer>
        <Button size="small" onClick={() => toggleFold(part.key)}>{folded ? "Open" : "Fold"}</Button>
        <Button size="small" title="Its blocks stay" onClick={() => command("unstage")?.run?.()}>Remove stage</Button>
        <Button size="small" look="bad" className="to-end" title="The stage with all its blocks" onClick={() => command("delete")?.run?.()}>Delete</Button>
      </footer>
    </aside>
  );
}

function Blocks({ part }: { part: Foldable }) {
  const lines = useStore(useShallow((state) => part.ids.map((id) => `${nameOf(id)}\n${state.analysis?.nodes[id]?.macs ?? 0}`)));
  return (
    <section className="inspector-part" aria-label="Blocks">
      <h3 className="group-name" title="With the multiply-adds of each">
        {part.ids.length} {part.ids.length === 1 ? "block" : "blocks"}
      </h3>
      <dl className="facts">
        {alike(part.ids, lines).map(({ id, name, macs, count }) => (
          <Line key={id} id={id} name={count > 1 ? `${name} ×${count}` : name} macs={macs * count} />
        ))}
      </dl>
    </section>
  );
}

interface Alike {
  id: string;
  name: string;
  /** Of each. */
  macs: number;
  count: number;
}

/** Blocks in a row with the same name and cost are one line. */
function alike(ids: readonly string[], lines: readonly string[]): Alike[] {
  const found: (Alike & { line: string })[] = [];
  ids.forEach((id, index) => {
    const line = lines[index] ?? "";
    const last = found.at(-1);
    if (last?.line === line) last.count += 1;
    else found.push({ id, line, name: line.split("\n")[0] ?? "", macs: Number(line.split("\n")[1]), count: 1 });
  });
  return found;
}

function Line({ id, name, macs }: { id: string; name: string; macs: number }) {
  return (
    <>
      <dt>
        <button type="button" className="wire-end" onClick={() => goTo(id)}>
          {name}
        </button>
      </dt>
      <dd className="number muted" title={`${fullCount(macs)} multiply-adds`}>
        {macs > 0 ? shortCount(macs) : "–"}
      </dd>
    </>
  );
}
