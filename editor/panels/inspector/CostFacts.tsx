import { byteText, fullCount } from "../../canvas/words";
import type { BlockView, NodeAnalysis } from "../../generated/types";
import { useStore } from "../../store";

const RULE = "One multiply-add counts 1; biases and activations are not counted. Parameters include biases and batch-norm scale and shift.";

/** What the chosen block costs, and how each number is made. */
export function CostFacts({ id, block }: { id: string; block: BlockView }) {
  const facts = useStore((state) => state.analysis?.nodes[id]);
  if (!facts || block.takes === "nothing") return null;
  const field = facts.receptive_field;
  return (
    <section className="inspector-part" aria-label="What it costs">
      <h3 className="group-name" title={RULE}>What it costs</h3>
      <dl className="facts">
        <Fact name="Parameters" value={fullCount(facts.parameters)} />
        <Fact name="Multiply-adds" value={fullCount(facts.macs)} title={RULE} />
        <Fact name="Activations, one image" value={byteText(facts.activation_bytes)} title="Its output as float32" />
        {field && (
          <Fact
            name="Receptive field"
            value={`${field.size[0]}×${field.size[1]}`}
            unit="px"
            title={`The patch of the input that one output value sees. Neighbouring outputs see patches ${field.stride[0]}×${field.stride[1]} px apart.`}
          />
        )}
      </dl>
      <Formulas facts={facts} />
    </section>
  );
}

function Fact({ name, value, unit, title }: { name: string; value: string; unit?: string; title?: string }) {
  return (
    <>
      <dt title={title}>{name}</dt>
      <dd className="number" title={title}>
        {value}
        {unit && ` ${unit}`}
      </dd>
    </>
  );
}

const TOTALS: Record<string, (facts: NodeAnalysis) => number> = { parameters: (facts) => facts.parameters, macs: (facts) => facts.macs };
const NAMES: Record<string, string> = { parameters: "Parameters", macs: "Multiply-adds" };

function Formulas({ facts }: { facts: NodeAnalysis }) {
  const lines = Object.entries(facts.formulas).filter(([name, formula]) => formula && formula !== (TOTALS[name] && fullCount(TOTALS[name](facts))));
  if (lines.length === 0) return null;
  return (
    <div className="equation">
      {lines.map(([name, formula]) => (
        <p key={name} title={NAMES[name] ?? name}>
          {formula}
          {TOTALS[name] && !formula.includes("=") && (
            <>
              {" = "}
              <b>{fullCount(TOTALS[name](facts))}</b>
            </>
          )}
        </p>
      ))}
    </div>
  );
}
