/** Colours of styles/tokens.css for canvases: read once for a theme, read again when it changes. */
import { painter } from "../live/painter";

let colours = new Map<string, string>();
let version = 0;
let watching = false;

function forget(): void {
  colours = new Map();
  version += 1;
  painter.ask();
}

function watch(): void {
  watching = true;
  new MutationObserver(forget).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "style", "class"] });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", forget);
  document.fonts?.addEventListener("loadingdone", forget);
}

/** Value of a token: colour("series-1"). */
export function colour(token: string): string {
  if (!watching) watch();
  const known = colours.get(token);
  if (known !== undefined) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
  colours.set(token, value);
  return value;
}

/** Grows with each change of theme; part of what a drawing depends on. */
export function themeVersion(): number {
  if (!watching) watch();
  return version;
}

export function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Fonts of the charts: words in the sans, figures in the mono. */
export const words = (size = 11.5, weight = 400): string => `${weight} ${size}px ${colour("sans")}`;
export const figures = (size = 10.5, weight = 400): string => `${weight} ${size}px ${colour("mono")}`;
