/** An error is written above its block where it would leave the window below. */
export function placeNotes(root: HTMLElement | null) {
  const view = root?.getBoundingClientRect();
  for (const note of root?.querySelectorAll<HTMLElement>(".error-note") ?? []) {
    note.removeAttribute("data-above");
    const box = note.getBoundingClientRect();
    const block = note.parentElement?.getBoundingClientRect();
    if (view && block && box.bottom > view.bottom - 40 && block.top - box.height > view.top + 4) note.setAttribute("data-above", "");
  }
}
