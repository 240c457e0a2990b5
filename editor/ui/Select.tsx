import type { SelectHTMLAttributes } from "react";
import { Icon } from "./Icon";

interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange"> {
  options: { value: string; label: string; help?: string }[];
  onChoose: (value: string) => void;
}

/** The browser's own list in the playground's dress. */
export function Select({ options, onChoose, className, ...rest }: SelectProps) {
  return (
    <span className={className ? `select ${className}` : "select"}>
      <select onChange={(event) => onChoose(event.target.value)} {...rest}>
        {options.map((option) => (
          <option key={option.value} value={option.value} title={option.help}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </span>
  );
}
