import { type ReactNode, useId } from "react";
import { toggleExplained, useUi } from "../store/ui";
import { Icon } from "../ui/Icon";
import { countingOf, equation, valueText } from "./counting";

/** One of the parts a number is the sum of. */
export interface Part {
  label: string;
  value: number;
  formula?: string | undefined;
}

interface Props {
  /** As the analysis names it. */
  of: string;
  value: unknown;
  /** How it is made, with the values put in; from the analysis. */
  formula?: string | undefined;
  parts?: readonly Part[];
  /** Whose number it is: those of the network open apart from those of a block. */
  scope: "block" | "network";
  /** Said in place of the usual name: "Memory to train, batch 64". */
  name?: string;
  children?: ReactNode;
}

const NONE: readonly Part[] = [];

/** Under which the page remembers that a number is open. */
export const explainedKey = (scope: Props["scope"], of: string): string => `${scope} ${of}`;

/** A number that opens to how it is made: the formula with the values put in, its parts, and the rule of counting. */
export function Counted({ of, value, formula, parts = NONE, scope, name, children }: Props) {
  const key = explainedKey(scope, of);
  const open = useUi((state) => state.explained.includes(key));
  const id = useId();
  const { name: usual, rule } = countingOf(of);
  const words = value === null && formula?.includes("=") ? (formula.split("=").at(-1) ?? "").trim() : valueText(of, value);
  return (
    <div className="counted" data-open={open || undefined}>
      <dt>{name ?? usual}</dt>
      <dd>
        <button type="button" className="counted-number" aria-expanded={open} aria-controls={id} aria-label={`${name ?? usual}: ${words}, how it is made`} onClick={() => toggleExplained(key)}>
          <span className="number">{words}</span>
          <Icon name={open ? "up" : "down"} />
        </button>
      </dd>
      <dd className="counted-how" id={id} hidden={!open}>
        {open && (
          <>
            {formula && <Equation formula={formula} of={of} value={value} />}
            {parts.length > 0 && <Parts of={of} parts={parts} />}
            {children}
            {rule && <p className="small muted">{rule}</p>}
          </>
        )}
      </dd>
    </div>
  );
}

function Equation({ formula, of, value }: { formula: string; of: string; value: unknown }) {
  const { made, result, remark } = equation(formula, of, value);
  return (
    <p className="equation">
      {made}
      {result !== null && (
        <>
          {" = "}
          <b>{result}</b>
          {remark}
        </>
      )}
    </p>
  );
}

const LISTED = 12;

/** What it is the sum of. Parts that give nothing are left out; of many only the first are listed, and the rest as one. */
function Parts({ of, parts }: { of: string; parts: readonly Part[] }) {
  const given = parts.filter((part) => part.value > 0);
  const listed = given.length > LISTED + 1 ? given.slice(0, LISTED) : given;
  const rest = given.slice(listed.length);
  return (
    <ul className="counted-parts" aria-label="The sum of">
      {listed.map((part, at) => (
        <li key={at}>
          <span>{part.label}</span>
          <span className="number">{valueText(of, part.value)}</span>
          {part.formula && <span className="counted-made">{part.formula}</span>}
        </li>
      ))}
      {rest.length > 0 && (
        <li className="muted">
          <span>{rest.length} more</span>
          <span className="number">{valueText(of, rest.reduce((sum, part) => sum + part.value, 0))}</span>
        </li>
      )}
    </ul>
  );
}
