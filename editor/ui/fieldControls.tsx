import { type KeyboardEvent, useState } from "react";
import type { FieldSpec } from "../generated/types";
import { IconButton } from "./Button";
import { Icon } from "./Icon";
import { readField, showNumber, stepped } from "./fieldLogic";
import { Select } from "./Select";

export interface ControlProps {
  id: string;
  spec: FieldSpec;
  value: unknown;
  disabled: boolean;
  describedBy: string | undefined;
  invalid: boolean;
  onChange: (value: unknown) => void;
  onError: (message: string) => void;
  onSettle: () => void;
}

/** The text of a number field while it is edited; what is out of range stays in the field and goes no further. */
function useDraft({ spec, value, onChange, onError, onSettle }: ControlProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const type = (text: string) => {
    setDraft(text);
    const parsed = readField(spec, text);
    if ("error" in parsed) onError(parsed.error);
    else onChange(parsed.value);
  };
  const leave = () => {
    if (draft !== null && "error" in readField(spec, draft)) return; // the error stays beside what was typed
    setDraft(null);
    onSettle();
  };
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") leave();
    if (event.key === "Escape" && draft !== null) {
      event.stopPropagation();
      setDraft(null);
      onChange(value);
    }
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (direction === 0 || typeof value !== "number") return;
    event.preventDefault();
    setDraft(null);
    onChange(stepped(spec, value, direction));
  };
  const shown = draft ?? showNumber(value);
  return { shown, type, leave, press, pick: (next: unknown) => { setDraft(null); onChange(next); onSettle(); } };
}

type Draft = ReturnType<typeof useDraft>;

function NumberInput({ control, draft, shown = draft.shown, placeholder, label }: { control: ControlProps; draft: Draft; shown?: string; placeholder?: string; label?: string }) {
  return (
    <input
      id={label ? undefined : control.id}
      type="text"
      inputMode={control.spec.kind === "real" ? "decimal" : "numeric"}
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      aria-invalid={control.invalid || undefined}
      aria-describedby={control.describedBy}
      disabled={control.disabled}
      placeholder={placeholder}
      value={shown}
      onChange={(event) => draft.type(event.target.value)}
      onBlur={draft.leave}
      onKeyDown={draft.press}
    />
  );
}

export function NumberBox(props: ControlProps) {
  const draft = useDraft(props);
  return (
    <span className="box">
      <NumberInput control={props} draft={draft} />
    </span>
  );
}

export function Stepper(props: ControlProps) {
  const { spec, value, disabled } = props;
  const draft = useDraft(props);
  const number = typeof value === "number" ? value : 0;
  const move = (direction: 1 | -1) => draft.pick(stepped(spec, number, direction));
  return (
    <span className="stepper">
      <button type="button" tabIndex={-1} aria-label={`Less: ${spec.label}`} disabled={disabled || number <= (spec.minimum ?? Number.NEGATIVE_INFINITY)} onClick={() => move(-1)}>
        <Icon name="minus" />
      </button>
      <NumberInput control={props} draft={draft} />
      <button type="button" tabIndex={-1} aria-label={`More: ${spec.label}`} disabled={disabled || number >= (spec.maximum ?? Number.POSITIVE_INFINITY)} onClick={() => move(1)}>
        <Icon name="plus" />
      </button>
    </span>
  );
}

/** Common values as one press each, and a cell to type any other. */
export function Segments(props: ControlProps) {
  const { id, spec, value, disabled, onSettle, onChange } = props;
  const draft = useDraft(props);
  const free = !spec.common.includes(value as number | string);
  const typing = draft.shown !== showNumber(value);
  return (
    <span className="segments" data-mono="" role="radiogroup" aria-labelledby={`${id}-label`}>
      {spec.common.map((common) => (
        <label key={common}>
          <input
            type="radio"
            name={id}
            disabled={disabled}
            checked={value === common && !typing}
            onChange={() => { draft.pick(common); onChange(common); onSettle(); }}
          />
          {common === "same" ? "same" : showNumber(common)}
        </label>
      ))}
      <span className="segment-free" data-chosen={free ? "" : undefined}>
        <NumberInput control={props} draft={draft} shown={free || typing ? draft.shown : ""} placeholder="…" />
      </span>
    </span>
  );
}

/** A size: one value for both directions, or a vertical and a horizontal one. */
export function PairBoxes(props: ControlProps) {
  const { spec, value, disabled, onChange, onSettle } = props;
  const parts = Array.isArray(value) ? (value as [number, number]) : null;
  const single = () => { onChange(parts?.[0] ?? spec.default); onSettle(); };
  const split = () => { const side = typeof value === "number" ? value : (spec.minimum ?? 0); onChange([side, side]); onSettle(); };
  const Single = spec.common.length > 0 || spec.kind === "padding" ? Segments : Stepper;
  const same = spec.kind === "padding" && !spec.common.includes("same") ? { ...spec, common: ["same", ...spec.common] } : spec;
  return (
    <>
      {parts ? <Two {...props} parts={parts} /> : <Single {...props} spec={same} />}
      <IconButton
        label={parts ? `${spec.label}: one value for both directions` : `${spec.label}: height and width apart`}
        icon={parts ? "link" : "unlink"}
        size="small"
        disabled={disabled}
        onClick={parts ? single : split}
      />
    </>
  );
}

function Two({ parts, ...props }: ControlProps & { parts: [number, number] }) {
  const { spec, onChange } = props;
  const plain: FieldSpec = { ...spec, kind: "whole" };
  const vertical = useDraft({ ...props, spec: plain, value: parts[0], onChange: (next) => onChange([next, parts[1]]) });
  const horizontal = useDraft({ ...props, spec: plain, value: parts[1], onChange: (next) => onChange([parts[0], next]) });
  return (
    <>
      <span className="box">
        <NumberInput control={props} draft={vertical} label={`${spec.label}, vertical`} />
      </span>
      <span className="box">
        <NumberInput control={props} draft={horizontal} label={`${spec.label}, horizontal`} />
      </span>
    </>
  );
}

export function Switch({ id, value, disabled, describedBy, onChange, onSettle }: ControlProps) {
  const set = (next: boolean) => { onChange(next); onSettle(); };
  return (
    <span className="segments" role="radiogroup" aria-labelledby={`${id}-label`} aria-describedby={describedBy}>
      {[true, false].map((side) => (
        <label key={String(side)}>
          <input type="radio" name={id} disabled={disabled} checked={Boolean(value) === side} onChange={() => set(side)} />
          {side ? "on" : "off"}
        </label>
      ))}
    </span>
  );
}

export function Choices({ id, spec, value, disabled, describedBy, invalid, onChange, onSettle }: ControlProps) {
  const chosen = spec.choices.find((choice) => choice.value === value);
  return (
    <Select
      id={id}
      options={chosen ? spec.choices : [{ value: String(value), label: String(value) }, ...spec.choices]}
      value={String(value)}
      title={chosen?.help}
      disabled={disabled}
      aria-describedby={describedBy}
      aria-invalid={invalid || undefined}
      onChoose={(next) => { onChange(next); onSettle(); }}
    />
  );
}

/** Common values of a real number, one press each. */
export function QuickPicks({ spec, value, disabled, onChange, onSettle }: ControlProps) {
  return (
    <span className="field-quick" role="group" aria-label={`Common values: ${spec.label}`}>
      {spec.common.map((common) => (
        <button key={common} type="button" disabled={disabled} aria-pressed={value === common} onClick={() => { onChange(common); onSettle(); }}>
          {showNumber(common)}
        </button>
      ))}
    </span>
  );
}

export function TextBox({ id, value, disabled, describedBy, invalid, onChange, onSettle }: ControlProps) {
  return (
    <span className="box" data-align="start">
      <input
        id={id}
        type="text"
        autoComplete="off"
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        disabled={disabled}
        value={typeof value === "string" ? value : JSON.stringify(value)}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onSettle}
      />
    </span>
  );
}
