import { useId } from "react";

interface SegmentedProps<V extends string> {
  /** What is chosen, for those who do not see it. */
  label: string;
  value: V;
  options: readonly { value: V; label: string }[];
  onChoose: (value: V) => void;
}

/** One of a few, side by side. */
export function Segmented<V extends string>({ label, value, options, onChoose }: SegmentedProps<V>) {
  const name = useId();
  return (
    <span className="segments segmented" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChoose(option.value)} />
          {option.label}
        </label>
      ))}
    </span>
  );
}
