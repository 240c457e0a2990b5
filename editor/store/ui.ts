// What the page shows apart from the network: theme, messages, the open dialog, the panel at the right.
import { create } from "zustand";

export type Theme = "light" | "dark" | "system";
export type SideTab = "recipe" | "data" | "runs";

export interface Toast {
  id: number;
  message: string;
  tone: "plain" | "warn" | "bad";
  action?: { label: string; onPress: () => void };
  /** Stays until it is closed. */
  stays?: boolean;
}

interface UiState {
  theme: Theme;
  toasts: Toast[];
  /** Ids of the modal dialogs that are open, the topmost last: messages are shown in that one. */
  dialogs: string[];
  sideTab: SideTab;
  commandsOpen: boolean;
  /** The dock under the figure: its chart, of which columns, as a drawing or a table. */
  dockView: "cost" | "volume";
  dockBy: "block" | "stage";
  dockTable: boolean;
  /** Numbers whose making is shown, by what they count; it stays so from block to block. */
  explained: string[];
  /** What the last file of another format could not bring along. */
  remarks: { file: string; lines: string[] } | null;
}

const THEME_KEY = "playground.theme";

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(THEME_KEY);
    return stored === "light" || stored === "dark" ? stored : "system";
  } catch {
    return "system"; // storage is forbidden in this browser
  }
}

export const useUi = create<UiState>()(() => ({
  theme: storedTheme(),
  toasts: [],
  dialogs: [],
  sideTab: "recipe",
  commandsOpen: false,
  dockView: "cost",
  dockBy: "block",
  dockTable: false,
  explained: [],
  remarks: null,
}));

const darkSystem = () => window.matchMedia("(prefers-color-scheme: dark)");

/** The theme in force, after asking the system where the user leaves it to it. */
export function shownTheme(theme: Theme): "light" | "dark" {
  if (theme !== "system") return theme;
  return darkSystem().matches ? "dark" : "light";
}

function paintTheme() {
  document.documentElement.dataset.theme = shownTheme(useUi.getState().theme);
}

/** Paint the chosen theme now and whenever the system changes its own. */
export function followTheme() {
  paintTheme();
  darkSystem().addEventListener("change", paintTheme);
}

export function setTheme(theme: Theme) {
  useUi.setState({ theme });
  try {
    if (theme === "system") localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, theme);
  } catch {
    // the choice holds until the page is left
  }
  paintTheme();
}

let lastToast = 0;

/** Say something short at the foot of the page. The same words are not shown twice at a time. */
export function toast(message: string, options: Partial<Omit<Toast, "id" | "message">> = {}): number {
  lastToast += 1;
  const next: Toast = { id: lastToast, message, tone: "plain", ...options };
  useUi.setState(({ toasts }) => ({ toasts: [...toasts.filter((other) => other.message !== message), next].slice(-3) }));
  return next.id;
}

export function dismissToast(id: number) {
  useUi.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

export function showSide(sideTab: SideTab) {
  useUi.setState({ sideTab });
}

export function toggleExplained(name: string) {
  useUi.setState(({ explained }) => ({ explained: explained.includes(name) ? explained.filter((other) => other !== name) : [...explained, name] }));
}

export function openCommands(commandsOpen: boolean) {
  useUi.setState({ commandsOpen });
}
