// Addresses of the page and moving between them without a reload.
import { type AnchorHTMLAttributes, type MouseEvent, useMemo, useSyncExternalStore } from "react";

export type Route =
  | { page: "home" }
  | { page: "draft"; zoo: string | null; dataset: string | null; slot: string | null }
  | { page: "zoo" }
  | { page: "exhibit"; name: string }
  | { page: "plane"; runs: string | null }
  | { page: "data" }
  | { page: "gallery" }
  | { page: "embed"; id: string }
  | { page: "compare"; runs: string[]; experiment: string | null }
  | { page: "build"; experiment: string }
  | { page: "about"; experiment: string }
  | { page: "train"; experiment: string; run: string }
  | { page: "why"; id: string | null }
  | { page: "missing" };

const ID = "([A-Za-z0-9_-]+)";
const BUILD = new RegExp(`^/e/${ID}/?$`);
const ABOUT = new RegExp(`^/e/${ID}/about/?$`);
const EXHIBIT = /^\/zoo\/([^/]+)\/?$/;
const TRAIN = new RegExp(`^/e/${ID}/runs/${ID}/?$`);
const EMBED = new RegExp(`^/embed/${ID}/?$`);
const WHY = /^\/why(?:\/([A-Za-z0-9_.-]+))?\/?$/;

export function parse(pathname: string, search = ""): Route {
  if (pathname === "/" || pathname === "") return { page: "home" };
  if (/^\/new\/?$/.test(pathname)) {
    const asked = new URLSearchParams(search);
    return { page: "draft", zoo: asked.get("zoo"), dataset: asked.get("dataset"), slot: asked.get("draft") };
  }
  if (/^\/zoo\/?$/.test(pathname)) return { page: "zoo" };
  if (/^\/data\/?$/.test(pathname)) return { page: "data" };
  if (/^\/gallery\/?$/.test(pathname)) return { page: "gallery" };
  if (/^\/plane\/?$/.test(pathname)) return { page: "plane", runs: new URLSearchParams(search).get("runs") };
  if (/^\/compare\/?$/.test(pathname)) {
    const asked = new URLSearchParams(search);
    const runs = (asked.get("runs") ?? "").split(",").filter(Boolean);
    return { page: "compare", runs: [...new Set(runs)], experiment: asked.get("experiment") };
  }
  const exhibit = EXHIBIT.exec(pathname)?.[1];
  if (exhibit) return { page: "exhibit", name: decoded(exhibit) };
  const train = TRAIN.exec(pathname);
  if (train?.[1] && train[2]) return { page: "train", experiment: train[1], run: train[2] };
  const build = BUILD.exec(pathname);
  if (build?.[1]) return { page: "build", experiment: build[1] };
  const about = ABOUT.exec(pathname);
  if (about?.[1]) return { page: "about", experiment: about[1] };
  const embed = EMBED.exec(pathname);
  if (embed?.[1]) return { page: "embed", id: embed[1] };
  const why = WHY.exec(pathname);
  if (why) return { page: "why", id: why[1] ?? null };
  return { page: "missing" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a stray per cent sign: no network has such a name, and the page says so
  }
}

export const paths = {
  home: () => "/",
  /** A new network: empty, from the zoo as published, or scaled for a data set. */
  draft: (zoo?: string | null, dataset?: string | null) =>
    zoo ? `/new?zoo=${encodeURIComponent(zoo)}${dataset ? `&dataset=${encodeURIComponent(dataset)}` : ""}` : "/new",
  /** A draft that this browser keeps. */
  kept: (slot: string) => `/new?draft=${slot}`,
  zoo: () => "/zoo",
  exhibit: (name: string) => `/zoo/${encodeURIComponent(name)}`,
  /** The published networks of the zoo by error and cost. */
  plane: () => "/plane",
  /** The data sets there are, and adding one's own. */
  data: () => "/data",
  /** Experiments that people made public. */
  gallery: () => "/gallery",
  /** The user's own runs by error and cost; without a data set that of the newest run. */
  runsPlane: (dataset = "") => `/plane?runs=${encodeURIComponent(dataset)}`,
  /** Runs held against the first of them; without runs the list to choose from. */
  compare: (runs: readonly string[] = []) => (runs.length > 0 ? `/compare?runs=${runs.map(encodeURIComponent).join(",")}` : "/compare"),
  /** The newest runs of an experiment held against each other. */
  compareExperiment: (experiment: string) => `/compare?experiment=${encodeURIComponent(experiment)}`,
  build: (experiment: string) => `/e/${experiment}`,
  /** One experiment in words: its runs, versions, relatives, twins and sweeps. */
  about: (experiment: string) => `/e/${experiment}/about`,
  train: (experiment: string, run: string) => `/e/${experiment}/runs/${run}`,
  /** Why a notice is given; without an id the list of all guidelines. */
  why: (id?: string) => (id === undefined ? "/why" : `/why/${encodeURIComponent(id)}`),
};

const listeners = new Set<() => void>();

function announce() {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  if (listeners.size === 1) window.addEventListener("popstate", announce);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("popstate", announce);
  };
}

const address = () => window.location.pathname + window.location.search;

/** Go to an address of the page. `replace` leaves no entry to go back to, as after a draft was saved. */
export function navigate(path: string, { replace = false } = {}) {
  if (path === address()) return;
  if (replace) window.history.replaceState(window.history.state, "", path);
  else window.history.pushState({ from: currentRoute().page === "why" ? openedFrom() : address() }, "", path);
  announce();
}

/** The address that the pages of reading were entered from, so that they can lead back to it. */
export function openedFrom(): string | null {
  const from: unknown = (window.history.state as { from?: unknown } | null)?.from;
  return typeof from === "string" && from.startsWith("/") && !from.startsWith("//") ? from : null;
}

export function currentRoute(): Route {
  return parse(window.location.pathname, window.location.search);
}

export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, address);
  return useMemo(() => {
    const [pathname = "/", search = ""] = path.split("?");
    return parse(pathname, search);
  }, [path]);
}

/** An anchor that moves within the page; with a modifier key or the middle button it is the browser's. */
export function Link({ href, onClick, children, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !plain) return;
    event.preventDefault();
    navigate(href);
  };
  return (
    <a href={href} onClick={follow} {...rest}>
      {children}
    </a>
  );
}
