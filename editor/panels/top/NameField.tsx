import { useEffect, useRef, useState } from "react";
import { changeExperiment, useExperiment } from "../../store/experiment";

const LONGEST = 120;

/** The experiment's name as a title; pressed, it is edited in place. Enter keeps, Escape takes back. */
export function NameField() {
  const name = useExperiment((state) => state.name);
  const status = useExperiment((state) => state.status);
  const [editing, setEditing] = useState(false);
  if (status === "loading" || status === "none") return <span className="ghost top-name-ghost" />;
  if (status !== "ready") return <h1 className="top-name">CNN playground</h1>;
  if (editing) return <NameInput name={name} onEnd={() => setEditing(false)} />;
  return (
    <h1 className="top-name">
      <button type="button" title="Rename" onClick={() => setEditing(true)}>
        {name}
      </button>
    </h1>
  );
}

function NameInput({ name, onEnd }: { name: string; onEnd: () => void }) {
  const [text, setText] = useState(name);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.select(), []);
  const keep = () => {
    const trimmed = text.trim().slice(0, LONGEST);
    if (trimmed && trimmed !== name) changeExperiment({ name: trimmed });
    onEnd();
  };
  return (
    <input
      ref={input}
      className="top-name-input"
      aria-label="Name of the experiment"
      maxLength={LONGEST}
      size={Math.max(8, text.length)}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") keep();
        if (event.key === "Escape") onEnd();
      }}
    />
  );
}
