import type { ReactNode } from "react";
import type { FieldSpec } from "../generated/types";
import { FieldRow } from "./FieldRow";
import { applies, valueOf, type Values } from "./fieldLogic";

export interface FieldFormProps {
  fields: FieldSpec[];
  /** Fields to show, where not all: a group of the form. Conditions still look at all `fields`. */
  only?: string[];
  values: Values;
  /** By field name, from the site. Errors of typing are the form's own. */
  errors?: Record<string, string>;
  /** Why nothing can be changed now. */
  disabled?: string | null;
  /** A value in range. Called at each change while typing; `onSettle` follows when the field is left. */
  onChange: (name: string, value: unknown) => void;
  onSettle?: (name: string) => void;
  /** What was typed into a field cannot be taken, or can again (null). */
  onInvalid?: (name: string, problem: string | null) => void;
  /** Draw some fields otherwise, such as the data set; return undefined for the usual control. */
  render?: (spec: FieldSpec, value: unknown) => ReactNode | undefined;
}

const NONE: Record<string, string> = {};

/** A form made from field specifications: the inspector and the recipe panel. */
export function FieldForm({ fields, only, values, errors = NONE, disabled = null, onChange, onSettle, onInvalid, render }: FieldFormProps) {
  const shown = fields.filter((spec) => (!only || only.includes(spec.name)) && applies(spec, fields, values));
  return (
    <div className="form">
      {shown.map((spec) => {
        const value = valueOf(spec, values);
        return (
          render?.(spec, value) ?? (
            <FieldRow
              key={spec.name}
              spec={spec}
              value={value}
              error={errors[spec.name]}
              disabled={disabled}
              onChange={(next) => onChange(spec.name, next)}
              onSettle={() => onSettle?.(spec.name)}
              onInvalid={onInvalid}
            />
          )
        );
      })}
    </div>
  );
}
