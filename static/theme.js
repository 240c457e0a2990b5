// The theme that was chosen in the editor, before the first paint; see editor/store/ui.ts.
try {
  const chosen = localStorage.getItem("playground.theme");
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
} catch {
  // storage is forbidden: the system's choice, by the stylesheet
}
