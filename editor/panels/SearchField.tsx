import { useEffect, useRef } from "react";
import { Icon } from "../ui/Icon";

/** A field in the top bar that finds what the page lists; "/" leads to it. */
export function SearchField({ words, query, onQuery }: { words: string; query: string; onQuery: (query: string) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const find = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, select, dialog");
      if (event.key !== "/" || typing) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener("keydown", find);
    return () => document.removeEventListener("keydown", find);
  }, []);
  return (
    <label className="search home-search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        placeholder={words}
        aria-label={words}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onQuery("")}
      />
    </label>
  );
}
