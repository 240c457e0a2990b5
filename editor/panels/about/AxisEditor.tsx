import { useId } from "react";
import type { SweepField } from "../../generated/types";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Segmented } from "../../ui/Segmented";
import { isNamed, namedValues, type Typed, typedFor, type Way } from "./sweepAxis";

interface Props {
  name: string;
  fields: readonly SweepField[];
  field: SweepField;
  typed: Typed;
  /** No axis can have more values than the sweep may have runs. */
  mostRuns: number;
  onChange: (next: Typed) => void;
  onRemove: () => void;
}

const WAYS: { value: Way; label: string }[] = [
  { value: "list", label: "List" },
  { value: "linear", label: "Even range" },
  { value: "log", label: "Log range" },
];

/** Which setting is swept, and over which values. */
export function AxisEditor({ name, fields, field, typed, mostRuns, onChange, onRemove }: Props) {
  const id = useId();
  const { spec } = field;
  const owners = [...new Set(fields.map(({ owner }) => owner))];
  return (
    <fieldset className="sweep-axis">
      <legend>{name}</legend>
      <div className="sweep-row">
        <span className="select">
          <select
            aria-label={name}
            value={typed.field}
            onChange={(event) => {
              const next = fields.find((each) => each.field === event.target.value);
              if (next) onChange(typedFor(next));
            }}
          >
            {owners.map((owner) => (
              <optgroup key={owner} label={owner}>
                {fields
                  .filter((each) => each.owner === owner)
                  .map((each) => (
                    <option key={each.field} value={each.field}>
                      {owner === "Recipe" ? each.spec.label : `${owner}: ${each.spec.label.toLowerCase()}`}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
          <Icon name="down" />
        </span>
        {!isNamed(spec) && <Segmented label={`How values of ${spec.label} are given`} value={typed.way} options={WAYS} onChoose={(way) => onChange({ ...typed, way })} />}
        <span className="top-space" />
        <IconButton label={`Remove: ${spec.label}`} icon="trash" size="small" onClick={onRemove} />
      </div>
      {isNamed(spec) ? (
        <div className="sweep-row sweep-names">
          {namedValues(spec).map(({ value, label }) => (
            <label key={value}>
              <input
                type="checkbox"
                checked={typed.chosen.includes(value)}
                onChange={(event) => onChange({ ...typed, chosen: event.target.checked ? [...typed.chosen, value] : typed.chosen.filter((each) => each !== value) })}
              />
              {label}
            </label>
          ))}
        </div>
      ) : typed.way === "list" ? (
        <div className="sweep-row">
          <label className="sweep-label" htmlFor={`${id}-list`}>
            Values
          </label>
          <input id={`${id}-list`} className="sweep-input sweep-list" value={typed.list} onChange={(event) => onChange({ ...typed, list: event.target.value })} placeholder="0.1, 0.03, 0.01" />
        </div>
      ) : (
        <div className="sweep-row">
          <label className="sweep-label" htmlFor={`${id}-low`}>
            From
          </label>
          <input id={`${id}-low`} className="sweep-input" inputMode="decimal" value={typed.low} onChange={(event) => onChange({ ...typed, low: event.target.value })} />
          <label className="sweep-label" htmlFor={`${id}-high`}>
            to
          </label>
          <input id={`${id}-high`} className="sweep-input" inputMode="decimal" value={typed.high} onChange={(event) => onChange({ ...typed, high: event.target.value })} />
          <label className="sweep-label" htmlFor={`${id}-count`}>
            in
          </label>
          <input id={`${id}-count`} className="sweep-input sweep-count" type="number" min={2} max={mostRuns} value={typed.count} onChange={(event) => onChange({ ...typed, count: Math.min(mostRuns, Math.max(2, Math.round(Number(event.target.value) || 2))) })} />
          <span className="muted">values</span>
        </div>
      )}
      <p className="muted small">{spec.help}</p>
    </fieldset>
  );
}
