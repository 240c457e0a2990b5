import { useEffect, useRef } from "react";
import { Link, paths } from "../../routes";
import { Icon, Mark } from "../../ui/Icon";
import { ThemeButton } from "../ThemeButton";

/** The bar over the start page: find an experiment, or begin one. */
export function HomeTop({ query, onQuery, searchable }: { query: string; onQuery: (query: string) => void; searchable: boolean }) {
  return (
    <header className="top home-top">
      <Link className="home-title" href={paths.home()} aria-label="CNN playground, start page">
        <Mark />
        <span>CNN playground</span>
      </Link>
      <span className="top-space" />
      {searchable && <Search query={query} onQuery={onQuery} />}
      <ThemeButton />
      <Link className="button" data-look="main" href={paths.draft()}>
        <Icon name="plus" />
        New network
      </Link>
    </header>
  );
}

function Search({ query, onQuery }: { query: string; onQuery: (query: string) => void }) {
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
        placeholder="Find an experiment"
        aria-label="Find an experiment"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && onQuery("")}
      />
    </label>
  );
}
