import { type KeyboardEvent, useState } from "react";
import { commands } from "../actions/commands";
import { navigate, paths } from "../routes";
import { save } from "../store/autosave";
import { startTraining } from "../store/training";
import { setTheme, shownTheme, useUi } from "../store/ui";
import { Dialog } from "../ui/Dialog";
import { step } from "../ui/Menu";
import { matches } from "./home/sorting";

interface Entry {
  id: string;
  label: string;
  group: string;
  key?: string | undefined;
  blocked?: (() => string | null) | undefined;
  run: () => void;
}

const PAGE: Entry[] = [
  { id: "train", label: "Train", group: "Page", run: () => void startTraining() },
  { id: "save", label: "Save now", group: "Page", key: "Mod+s", run: () => void save() },
  { id: "home", label: "All experiments", group: "Page", run: () => navigate(paths.home()) },
  { id: "new", label: "New network", group: "Page", run: () => navigate(paths.draft()) },
  { id: "theme", label: "Light or dark", group: "Page", run: () => setTheme(shownTheme(useUi.getState().theme) === "dark" ? "light" : "dark") },
];

const mac = /Mac|iP/.test(navigator.platform);

/** "Ctrl Z" for "Mod+z". */
function keyWords(key: string): string {
  const parts = key === "+" ? [key] : key.split("+");
  return parts.map((part) => (part === "Mod" ? (mac ? "⌘" : "Ctrl") : part.length === 1 ? part.toUpperCase() : part)).join(" ");
}

function entries(): Entry[] {
  const known = commands.flatMap(({ id, label, group, keys, blocked, run }) => (run ? [{ id, label, group, key: keys[0], blocked, run }] : []));
  return [...PAGE, ...known];
}

/** Everything that can be done, found by its name. Opens with Ctrl K or ⌘ K. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = entries().filter((entry) => matches(query, entry.label, entry.group));
  const possible = (entry: Entry) => !entry.blocked?.();
  const shown = [...found.filter(possible), ...found.filter((entry) => !possible(entry))];
  const choose = (entry: Entry | undefined) => {
    if (!entry || entry.blocked?.()) return;
    onClose();
    window.setTimeout(entry.run); // after the dialog gave the focus back
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      choose(shown[at]);
    }
    const next = event.key.startsWith("Arrow") && shown.length > 0 ? step(event.key, at, shown.length) : null;
    if (next === null) return;
    event.preventDefault();
    setAt(next);
    document.getElementById(`command-${shown[next]?.id}`)?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Dialog title="What to do" width={480} onClose={onClose}>
      <div className="box" data-align="start" style={{ height: 36 }}>
        <input data-first="" role="combobox" aria-label="Find a command" aria-expanded="true" aria-controls="commands" aria-activedescendant={shown[at] ? `command-${shown[at].id}` : undefined} placeholder="Find a command" value={query} onKeyDown={press} onChange={(event) => { setQuery(event.target.value); setAt(0); }} />
      </div>
      <div className="commands scroll" id="commands" role="listbox" aria-label="Commands">
        {shown.map((entry, index) => (
          <Option key={entry.id} entry={entry} active={index === at} onPoint={() => setAt(index)} onChoose={() => choose(entry)} />
        ))}
        {shown.length === 0 && <p className="side-line">Nothing is called “{query}”.</p>}
      </div>
    </Dialog>
  );
}

function Option({ entry, active, onPoint, onChoose }: { entry: Entry; active: boolean; onPoint: () => void; onChoose: () => void }) {
  const reason = entry.blocked?.() ?? null;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field above holds the focus and takes Enter
    <div id={`command-${entry.id}`} role="option" tabIndex={-1} aria-selected={active} aria-disabled={reason !== null || undefined} className="command" onPointerMove={onPoint} onClick={onChoose}>
      <span>{entry.label}</span>
      <span className="muted small">{reason ?? entry.group}</span>
      {entry.key && <kbd>{keyWords(entry.key)}</kbd>}
    </div>
  );
}
