import { useEffect, useState } from "react";
import type { BlockView, InnerNode, NodeAnalysis } from "../../generated/types";
import { api } from "../../net/api";
import { useStore } from "../../store";
import { useUi } from "../../store/ui";
import { Counted, explainedKey, type Part } from "../Counted";
import { ROWS_OF_A_BLOCK } from "../counting";

/** What the chosen block costs; each number opens to how it is made. */
export function CostFacts({ id, block }: { id: string; block: BlockView }) {
  const facts = useStore((state) => state.analysis?.nodes[id]);
  const inside = useInside(id, block.composite, facts);
  if (!facts || block.takes === "nothing") return null;
  if (facts.shape === null) return null; // nothing is counted before the shape is known; the block says why it is not
  const more = Object.keys(facts.formulas).filter((key) => !(ROWS_OF_A_BLOCK as readonly string[]).includes(key));
  return (
    <section className="inspector-part" aria-label="What it costs">
      <h3 className="group-name">What it costs</h3>
      <dl className="counted-list">
        {ROWS_OF_A_BLOCK.map((key) => {
          const value = valueOf(facts, key);
          if (value === null || (key === "weight_bytes" && value === 0)) return null;
          return (
            <Counted key={key} scope="block" of={key} value={value} formula={facts.formulas[key]} parts={partsOf(inside, key)} {...(key === "weight_bytes" && { name: "Weight size" })}>
              {key === "receptive_field" && <Neighbours facts={facts} />}
            </Counted>
          );
        })}
        {more.map((key) => (
          <Counted key={key} scope="block" of={key} value={null} formula={facts.formulas[key]} />
        ))}
      </dl>
    </section>
  );
}

function valueOf(facts: NodeAnalysis, key: (typeof ROWS_OF_A_BLOCK)[number]): number | number[] | null {
  return key === "receptive_field" ? (facts.receptive_field?.size ?? null) : facts[key];
}

function Neighbours({ facts }: { facts: NodeAnalysis }) {
  const stride = facts.receptive_field?.stride;
  if (!stride || facts.shape?.length !== 3) return null;
  return <p className="small muted">Neighbouring outputs see patches {stride.join("×")} px apart.</p>;
}

const SUMMED = ["parameters", "macs", "activation_bytes"] as const;

/** The primitives of a composite block with their share of a number, where the number is their sum. */
function partsOf(inside: readonly Inner[], key: string): Part[] {
  const summed = SUMMED.find((name) => name === key);
  return summed ? inside.map((node) => ({ label: node.label, value: node[summed], formula: node.formulas?.[summed] })) : [];
}

type Inner = InnerNode & Partial<Pick<NodeAnalysis, "formulas">>;

const NOTHING: readonly Inner[] = [];

/** The inside of a composite block, asked for once one of its numbers is opened, without opening it on the figure. */
function useInside(id: string, composite: boolean, facts: NodeAnalysis | undefined): readonly Inner[] {
  const wanted = useUi((state) => composite && SUMMED.some((key) => state.explained.includes(explainedKey("block", key))));
  const [asked, setAsked] = useState<{ facts: NodeAnalysis; inside: InnerNode[] } | null>(null);
  useEffect(() => {
    if (!wanted || !facts || facts.inside || facts.shape === null) return;
    const stop = new AbortController();
    api
      .analyse(useStore.getState().network, { open: [id], signal: stop.signal })
      .then((analysis) => setAsked({ facts, inside: analysis.nodes[id]?.inside ?? [] }))
      .catch(() => undefined); // the formula says it without the parts
    return () => stop.abort();
  }, [wanted, id, facts]);
  return facts?.inside ?? (asked && asked.facts === facts ? asked.inside : NOTHING);
}
