import { type KeyboardEvent, useId, useRef } from "react";
import { useExperiment } from "../store/experiment";
import { showSide, type SideTab, useUi } from "../store/ui";
import { DataPanel } from "./side/DataPanel";
import { RecipePanel } from "./side/RecipePanel";
import { RunList } from "./side/RunList";
import { step } from "../ui/Menu";

const TABS: { tab: SideTab; name: string }[] = [
  { tab: "recipe", name: "Recipe" },
  { tab: "data", name: "Data" },
  { tab: "runs", name: "Runs" },
];

const ALONG: Record<string, string> = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

/** The right column of the build view while no block is selected: how to train, on what, and what came of it. */
export function SidePanel() {
  const chosen = useUi((state) => state.sideTab);
  const runs = useExperiment((state) => state.runs.length);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const walk = (event: KeyboardEvent) => {
    const at = TABS.findIndex(({ tab }) => tab === chosen);
    const next = step(ALONG[event.key] ?? event.key, at, TABS.length);
    if (next === null) return;
    event.preventDefault();
    showSide(TABS[next]?.tab ?? "recipe");
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <section className="side" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} className="unseen">
        Training
      </h2>
      <div ref={list} className="side-tabs" role="tablist" aria-label="Recipe, data and runs" tabIndex={-1} onKeyDown={walk}>
        {TABS.map(({ tab, name }) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`${id}-${tab}`}
            aria-selected={tab === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => showSide(tab)}
          >
            {name}
            {tab === "runs" && runs > 0 && <span className="side-count">{runs}</span>}
          </button>
        ))}
      </div>
      <div className="side-body scroll" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`} tabIndex={-1}>
        {chosen === "recipe" && <RecipePanel />}
        {chosen === "data" && <DataPanel />}
        {chosen === "runs" && <RunList />}
      </div>
    </section>
  );
}
