import { command } from "../actions/commands";
import { chosenWhole } from "../actions/folds";
import { GROUP } from "../actions/grouping";
import { groupBlocked, setParam } from "../actions/session";
import { stage } from "../canvas/stage";
import { shapeText } from "../canvas/words";
import type { BlockView, Node } from "../generated/types";
import { renameBlock } from "../actions/session";
import { useStore } from "../store";
import { useCatalogue } from "../store/catalogue";
import { Button } from "../ui/Button";
import { FieldForm } from "../ui/FieldForm";
import { errorsFrom } from "../ui/fieldLogic";
import { CostFacts } from "./inspector/CostFacts";
import { FieldOfView } from "./inspector/FieldOfView";
import { Following } from "./inspector/Following";
import { NameField } from "./inspector/NameField";
import { OneStage } from "./inspector/OneStage";
import { Several } from "./inspector/Several";
import { Wires } from "./inspector/Wires";

const SETTLE = () => useStore.getState().settle();

/** The chosen block: its name, settings, cost and wires. */
export function Inspector() {
  const selection = useStore((state) => state.selection);
  const wires = useStore((state) => state.selectedEdges.length);
  const whole = chosenWhole(selection);
  if (whole?.kind === "stage") return <OneStage key={whole.key} part={whole} />;
  if (selection.length === 1 && selection[0] !== undefined) return <OneBlock key={selection[0]} id={selection[0]} />;
  return <Several ids={selection} wires={wires} foot={<Foot wire={selection.length === 0} />} />;
}

function OneBlock({ id }: { id: string }) {
  const node = useStore((state) => state.network.nodes.find((candidate) => candidate.id === id));
  const block = useCatalogue((state) => state.block[node?.block ?? ""]);
  if (!node) return null;
  return (
    <aside className="inspector" aria-label="Inspector">
      <Head node={node} block={block} />
      <div className="inspector-body scroll">
        {block ? <Settings node={node} block={block} /> : <p className="notice" data-tone="bad">This site knows no block called “{node.block}”. Delete it, or open the network where it was made.</p>}
        {block && <Following id={id} />}
        {block && <CostFacts id={id} block={block} />}
        {block && <FieldOfView id={id} block={block} />}
        <Wires id={id} />
        {block && <About block={block} />}
      </div>
      <Foot />
    </aside>
  );
}

function Head({ node, block }: { node: Node; block: BlockView | undefined }) {
  const facts = useStore((state) => state.analysis?.nodes[node.id]);
  const position = useStore((state) => (state.analysis?.order.indexOf(node.id) ?? -1) + 1);
  const count = useStore((state) => state.network.nodes.length);
  const name = node.label ?? facts?.label ?? block?.label ?? node.block;
  const input = facts?.inputs.map(shapeText).join(" and ");
  return (
    <header>
      <div className="inspector-title">
        <NameField label="Name of the block" name={name} longest={80} onRename={(next) => renameBlock(node.id, next)} />
        {position > 0 && <span className="chip">block {position} of {count}</span>}
      </div>
      <p className="number inspector-shape">
        {input && <span className="muted">{input} → </span>}
        {facts?.shape ? shapeText(facts.shape) : <span className="muted">shape unknown</span>}
      </p>
      {node.label !== null && block && <p className="small muted">{block.label}</p>}
    </header>
  );
}

function Settings({ node, block }: { node: Node; block: BlockView }) {
  const problem = useStore((state) => state.analysisProblem);
  const at = useStore((state) => state.network.nodes.indexOf(node));
  const dataset = block.takes === "nothing" || block.max_inputs === 0;
  const mine = problem?.path.startsWith(`nodes[${at}]`) || problem?.path.includes(node.id);
  const errors = problem && mine ? errorsFrom(problem.path, problem.message, block.fields) : {};
  const plain = block.fields.filter((field) => field.kind !== "network" && !(block.kind === GROUP && field.name === "name")); // a group's name stands above
  if (plain.length === 0) return <p className="inspector-none">{block.summary}</p>;
  return (
    <>
      {dataset && <p className="inspector-none">Set by the data set. Change it only for a network that is not trained here.</p>}
      <FieldForm
        fields={plain}
        values={node.params}
        errors={errors}
        onChange={(name, value) => setParam([node.id], name, value, plain.find((field) => field.name === name)?.label ?? name)}
        onSettle={SETTLE}
      />
    </>
  );
}

function About({ block }: { block: BlockView }) {
  return (
    <section className="inspector-part">
      <h3 className="group-name">What it does</h3>
      <p className="inspector-text">{block.summary}</p>
      {block.formula && <p className="equation">{block.formula}</p>}
      {block.source && <p className="small muted">{block.source}</p>}
    </section>
  );
}

function Foot({ wire = false }: { wire?: boolean }) {
  const composite = useStore((state) => state.selection.length === 1 && (stage.model?.drawing.pieces.get(state.selection[0] ?? "")?.composite ?? false));
  const several = useStore((state) => state.selection.length > 1);
  const grouped = useStore((state) => state.selection.length === 1 && state.network.nodes.find((node) => node.id === state.selection[0])?.block === GROUP);
  const run = (id: string) => () => command(id)?.run?.();
  return (
    <footer>
      {!wire && !grouped && <Button size="small" onClick={run("duplicate")}>Duplicate</Button>}
      {several && <Button size="small" title="One block that opens" blocked={groupBlocked()} onClick={run("group")}>Group</Button>}
      {grouped && <Button size="small" onClick={run("ungroup")}>Take apart</Button>}
      {composite && <OpenInside />}
      <Button size="small" look="bad" className="to-end" title={wire ? undefined : "What fed it feeds what read it"} onClick={run("delete")}>Delete</Button>
    </footer>
  );
}

function OpenInside() {
  const open = useStore((state) => state.open.includes(state.selection[0] ?? ""));
  return (
    <Button size="small" onClick={() => command("open")?.run?.()}>
      {open ? "Close" : "Show inside"}
    </Button>
  );
}
