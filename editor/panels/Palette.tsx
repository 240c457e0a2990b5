import { type DragEvent, type KeyboardEvent, memo, useMemo, useRef, useState } from "react";
import { addBlocked, addFromPalette } from "../actions/session";
import { PALETTE_TYPE } from "../canvas/gestures";
import { stage } from "../canvas/stage";
import { Glyph } from "../canvas/Glyph";
import type { BlockView } from "../generated/types";
import { useStore } from "../store";
import { useCatalogue } from "../store/catalogue";
import { Icon } from "../ui/Icon";
import { searchBlocks } from "./paletteSearch";

/** Names this long or longer have a row of their own. */
const WIDE = 9;

/** Every block, by category: search, drag onto the figure, or press to add after the chosen block. */
export function Palette() {
  const blocks = useCatalogue((state) => state.blocks);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => searchBlocks(blocks, query), [blocks, query]);
  const flat = found.flatMap((group) => group.blocks);
  const chosen = query ? flat[Math.min(at, flat.length - 1)] : undefined;
  const search = (text: string) => {
    setQuery(text);
    setAt(0);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (query) setAt((now) => (Math.min(now, flat.length - 1) + (event.key === "ArrowDown" ? 1 : flat.length - 1)) % Math.max(1, flat.length));
      else list.current?.querySelector("button")?.focus();
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      addFromPalette(chosen.kind);
      search("");
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (query) search("");
      else (event.target as HTMLElement).blur();
    }
  };
  return (
    <aside className="palette" aria-label="Blocks">
      <label className="search">
        <Icon name="search" />
        <input
          type="search"
          placeholder="Find a block"
          aria-label="Find a block"
          aria-keyshortcuts="/"
          value={query}
          onChange={(event) => search(event.target.value)}
          onBlur={() => {
            stage.searchedFrom = null;
          }}
          onKeyDown={keys}
        />
        {!query && <kbd aria-hidden="true">/</kbd>}
      </label>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows walk the buttons inside, which are reachable without them */}
      <div ref={list} className="palette-list scroll" onKeyDown={walkButtons}>
        {found.map((group) => (
          <section key={group.category} aria-label={group.category}>
            <h2 className="group-name">{group.category}</h2>
            <ul>
              {group.blocks.map((block) => (
                <Entry key={block.kind} block={block} chosen={block === chosen} />
              ))}
            </ul>
          </section>
        ))}
        {blocks.length > 0 && flat.length === 0 && <p className="palette-none">No block is called “{query}”. Try what it does: “normalise”, “shrink”.</p>}
        {blocks.length === 0 && <p className="ghost palette-ghost" />}
      </div>
    </aside>
  );
}

const Entry = memo(function Entry({ block, chosen }: { block: BlockView; chosen: boolean }) {
  const blocked = useStore((state) => addBlocked(state.network, block));
  const drag = (event: DragEvent) => {
    event.dataTransfer.setData(PALETTE_TYPE, block.kind);
    event.dataTransfer.effectAllowed = "copy";
    const picture = event.currentTarget.querySelector("svg");
    if (picture) event.dataTransfer.setDragImage(picture, 10, 10);
  };
  return (
    <li data-wide={block.label.length >= WIDE || undefined}>
      <button
        type="button"
        draggable={blocked === null}
        data-kind={block.kind}
        data-chosen={chosen || undefined}
        aria-disabled={blocked ? true : undefined}
        title={blocked ?? block.summary}
        onDragStart={drag}
        onClick={() => addFromPalette(block.kind)}
      >
        <Glyph block={block} />
        {block.label}
      </button>
    </li>
  );
});

function walkButtons(event: KeyboardEvent<HTMLDivElement>) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const here = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons[Math.max(0, Math.min(buttons.length - 1, here + step))]?.focus();
}
