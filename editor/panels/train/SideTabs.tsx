import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { step } from "../../ui/Menu";

/** What the right column shows, in this order; a tab without a panel is left out. */
const TABS = [
  ["inside", "Inside"],
  ["weights", "Weights"],
  ["evaluation", "Evaluation"],
] as const;

export type SideTab = (typeof TABS)[number][0];

const ALONG: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

interface SideTabsProps {
  panels: Partial<Record<SideTab, ReactNode>>;
  chosen: SideTab;
  onChoose: (tab: SideTab) => void;
}

/** The tab strip of the right column and the chosen panel. */
export function SideTabs({ panels, chosen, onChoose }: SideTabsProps) {
  const strip = useRef<HTMLDivElement>(null);
  const panel = useId();
  const shown = TABS.filter(([tab]) => panels[tab]);
  const walk = (event: KeyboardEvent) => {
    const at = step(ALONG[event.key] ?? event.key, shown.findIndex(([tab]) => tab === chosen), shown.length);
    const next = at === null ? undefined : shown[at];
    if (at === null || !next) return;
    event.preventDefault();
    event.stopPropagation();
    onChoose(next[0]);
    strip.current?.querySelectorAll("button")[at]?.focus();
  };
  return (
    <>
      <div ref={strip} className="side-tabs" role="tablist" aria-label="What of the network is shown" tabIndex={-1} onKeyDown={walk}>
        {shown.map(([tab, name]) => (
          <button key={tab} type="button" role="tab" aria-selected={tab === chosen} aria-controls={panel} tabIndex={tab === chosen ? 0 : -1} onClick={() => onChoose(tab)}>
            {name}
          </button>
        ))}
      </div>
      <div id={panel} className="side-tab" data-tab={chosen} role="tabpanel" aria-label={TABS.find(([tab]) => tab === chosen)?.[1]}>
        {panels[chosen]}
      </div>
    </>
  );
}
