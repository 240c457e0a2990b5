import { useEffect, useId, useState } from "react";
import type { FieldSpec } from "../generated/types";
import { Choices, type ControlProps, NumberBox, PairBoxes, QuickPicks, Segments, Stepper, Switch, TextBox } from "./fieldControls";
import { Tooltip } from "./Tooltip";

interface FieldRowProps {
  spec: FieldSpec;
  value: unknown;
  error?: string | undefined;
  disabled: string | null;
  onChange: (value: unknown) => void;
  onSettle: () => void;
  onInvalid?: ((name: string, problem: string | null) => void) | undefined;
}

/** One field: its name with help, its control, and what is wrong with what was typed. */
export function FieldRow({ spec, value, error, disabled, onChange, onSettle, onInvalid }: FieldRowProps) {
  const id = useId();
  const [typing, setTyping] = useState<string | null>(null);
  const problem = typing ?? error ?? null;
  useEffect(() => {
    if (typing === null) return;
    onInvalid?.(spec.name, typing);
    return () => onInvalid?.(spec.name, null);
  }, [typing, spec.name, onInvalid]);
  const control: ControlProps = {
    id,
    spec,
    value,
    disabled: disabled !== null,
    describedBy: problem ? `${id}-error` : undefined,
    invalid: problem !== null,
    onChange: (next) => {
      setTyping(null);
      onChange(next);
    },
    onError: setTyping,
    onSettle,
  };
  return (
    <div className="field" data-field={spec.name} data-error={problem ? "" : undefined} data-disabled={disabled === null ? undefined : ""}>
      <div className="field-label">
        <Tooltip text={disabled ?? spec.help}>
          <label htmlFor={id} id={`${id}-label`}>
            {spec.label}
          </label>
        </Tooltip>
        {spec.unit && <span className="field-unit">{spec.unit}</span>}
      </div>
      <div className="field-control">
        <Control {...control} />
      </div>
      {spec.kind === "real" && spec.common.length > 0 && <QuickPicks {...control} />}
      {problem && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Control(props: ControlProps) {
  const { spec } = props;
  switch (spec.kind) {
    case "switch":
      return <Switch {...props} />;
    case "choice":
      return <Choices {...props} />;
    case "real":
      return <NumberBox {...props} />;
    case "whole":
      return spec.common.length > 0 ? <Segments {...props} /> : wide(spec) ? <NumberBox {...props} /> : <Stepper {...props} />;
    case "pair":
    case "padding":
      return <PairBoxes {...props} />;
    default:
      return <TextBox {...props} />;
  }
}

/** Too many values for single steps to be of use. */
const wide = (spec: FieldSpec) => (spec.maximum ?? 0) > 1_000_000;
