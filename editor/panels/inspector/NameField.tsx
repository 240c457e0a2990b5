import { useState } from "react";
import { useStore } from "../../store";

interface NameFieldProps {
  label: string;
  name: string;
  longest: number;
  /** Told when the field is left, or Enter is pressed, after something was written. */
  onRename: (name: string) => void;
}

/** The name of what is chosen, to be written over; Escape takes the old one back. */
export function NameField({ label, name, longest, onRename }: NameFieldProps) {
  const [text, setText] = useState<string | null>(null);
  const keep = () => {
    if (text !== null && text.trim() !== name) onRename(text);
    useStore.getState().settle();
    setText(null);
  };
  return (
    <input
      className="inspector-name"
      aria-label={label}
      maxLength={longest}
      title={name.length > 14 ? name : undefined}
      value={text ?? name}
      onFocus={() => setText(name)}
      onChange={(event) => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") {
          setText(name);
          requestAnimationFrame(() => (event.target as HTMLElement).blur());
        }
      }}
    />
  );
}
