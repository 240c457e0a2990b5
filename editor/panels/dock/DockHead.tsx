import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useUi } from "../../store/ui";
import { IconButton } from "../../ui/Button";
import { step } from "../../ui/Menu";

const VIEWS = [
  { view: "cost", name: "Cost" },
  { view: "volume", name: "Data volume" },
] as const;
const ALONG: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

/** Which chart the dock shows, of blocks or of stages, what is to be seen on it, and its tools. */
export function DockHead({ stages, fact, children }: { stages: boolean; fact: string; children: ReactNode }) {
  const view = useUi((state) => state.dockView);
  const by = useUi((state) => state.dockBy);
  const table = useUi((state) => state.dockTable);
  return (
    <header>
      <Choice label="Chart" look="dock-tabs" options={VIEWS.map(({ view, name }) => [view, name])} chosen={view} onChoose={(dockView) => useUi.setState({ dockView })} />
      {stages && (
        <span className="dock-by">
          <span className="muted">by</span>
          <Choice label="A column for each" look="dock-words" options={[["block", "block"], ["stage", "stage"]]} chosen={by} onChoose={(dockBy) => useUi.setState({ dockBy })} />
        </span>
      )}
      <p className="dock-fact" title={fact}>
        {fact}
      </p>
      <IconButton label={table ? "Show the chart" : "Show as a table"} icon={table ? "bars" : "table"} size="small" aria-pressed={table} onClick={() => useUi.setState({ dockTable: !table })} />
      {children}
    </header>
  );
}

/** One of a few words in a row: a radio group, walked by arrows. */
function Choice<T extends string>({ label, look, options, chosen, onChoose }: { label: string; look: string; options: (readonly [T, string])[]; chosen: T; onChoose: (value: T) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const next = step(ALONG[event.key] ?? event.key, options.findIndex(([value]) => value === chosen), options.length);
    const option = next === null ? undefined : options[next];
    if (next === null || !option) return;
    event.preventDefault();
    event.stopPropagation();
    onChoose(option[0]);
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div ref={list} className={look} role="radiogroup" aria-label={label} tabIndex={-1} onKeyDown={walk}>
      {options.map(([value, name]) => (
        <button key={value} type="button" role="radio" aria-checked={value === chosen} tabIndex={value === chosen ? 0 : -1} onClick={() => onChoose(value)}>
          {name}
        </button>
      ))}
    </div>
  );
}
