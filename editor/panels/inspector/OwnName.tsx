import { useState } from "react";
import { useStore } from "../../store";

interface OwnNameProps {
  label: string;
  name: string;
  longest: number;
  onRename: (name: string) => void;
}

/** The name of what is chosen, as a field: Enter keeps what was typed, Escape gives it up. */
export function OwnName({ label, name, longest, onRename }: OwnNameProps) {
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
