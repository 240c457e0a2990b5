interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const FOOT = 40; // px that the caption and the zoom take at the figure's foot

/** An error is written below its block, or above it where it would cover less there: other blocks, other notes, or the figure's edge. */
export function placeNotes(root: HTMLElement | null) {
  if (!root) return;
  const frame = root.getBoundingClientRect();
  const view = { left: frame.left, top: frame.top, right: frame.right, bottom: frame.bottom - FOOT };
  const bodies = [...root.querySelectorAll(".block-body")];
  const taken: Rect[] = [];
  for (const note of root.querySelectorAll<HTMLElement>(".error-note")) {
    const own = note.parentElement?.querySelector(".block-body");
    const others = [...bodies.filter((body) => body !== own).map((body) => body.getBoundingClientRect()), ...taken];
    const price = () => {
      const box = note.getBoundingClientRect();
      const covered = others.reduce((sum, other) => sum + area(common(box, other)), 0);
      return covered + 2 * (area(box) - area(common(box, view)));
    };
    note.removeAttribute("data-above");
    const below = price();
    if (below > 0) {
      note.setAttribute("data-above", "");
      if (price() >= below) note.removeAttribute("data-above");
    }
    taken.push(note.getBoundingClientRect());
  }
}

const area = (box: Rect): number => Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);

const common = (a: Rect, b: Rect): Rect => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
