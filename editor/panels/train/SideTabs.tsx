import { type KeyboardEvent as KeyPress, useRef } from "react";
import { step } from "../../ui/Menu";

export type SideTab = "inside" | "evaluation";
const TABS: { tab: SideTab; name: string }[] = [
  { tab: "inside", name: "Inside" },
  { tab: "evaluation", name: "Evaluation" },
];
const ALONG: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

/** What the right column shows under the doctor. */
export function SideTabs({ chosen, onChoose }: { chosen: SideTab; onChoose: (tab: SideTab) => void }) {
  const list = useRef<HTMLDivElement>(null);
  const walk = (event: KeyPress) => {
    const at = TABS.findIndex(({ tab }) => tab === chosen);
    const next = step(ALONG[event.key] ?? event.key, at, TABS.length);
    if (next === null) return;
    event.preventDefault();
    onChoose(TABS[next]?.tab ?? "inside");
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <div ref={list} className="side-tabs" role="tablist" aria-label="Right column" tabIndex={-1} onKeyDown={walk}>
      {TABS.map(({ tab, name }) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`train-side-${tab}`}
          aria-selected={tab === chosen}
          aria-controls="train-side-panel"
          tabIndex={tab === chosen ? 0 : -1}
          onClick={() => onChoose(tab)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
