interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const FOOT = 40; // px that the caption and the zoom take at the figure's foot

/** A note that hides this share of another block waits for the pointer or the keyboard. */
const HIDDEN = 0.3;

/**
 * An error is written below its block, or above it where it would cover less there: other blocks, other notes, or the
 * figure's edge. It is moved sideways into the figure.
 */
export function placeNotes(root: HTMLElement | null) {
  if (!root) return;
  const frame = root.getBoundingClientRect();
  const view = { left: frame.left + 4, top: frame.top + 4, right: frame.right - 4, bottom: frame.bottom - FOOT };
  const bodies = [...root.querySelectorAll(".block-body")];
  const taken: Rect[] = [];
  for (const note of root.querySelectorAll<HTMLElement>(".error-note")) {
    const own = note.parentElement?.querySelector(".block-body");
    const others = [...bodies.filter((body) => body !== own).map((body) => body.getBoundingClientRect()), ...taken];
    const covered = (box: Rect) => others.reduce((sum, other) => sum + area(common(box, other)), 0);
    const price = () => {
      const box = note.getBoundingClientRect();
      return covered(box) + 2 * (area(box) - area(common(box, view)));
    };
    note.removeAttribute("data-above");
    moveInto(note, view);
    const below = price();
    if (below > 0) {
      note.setAttribute("data-above", "");
      if (price() >= below) note.removeAttribute("data-above");
    }
    const box = note.getBoundingClientRect();
    note.toggleAttribute("data-crowded", others.some((other) => area(common(box, other)) > HIDDEN * area(other)));
    if (!note.hasAttribute("data-crowded")) taken.push(box);
  }
}

/** Sideways, so that all of it can be read; not further than its block. */
function moveInto(note: HTMLElement, view: Rect) {
  note.style.marginLeft = "";
  const box = note.getBoundingClientRect();
  const block = note.parentElement;
  const zoom = block && block.offsetWidth > 0 ? block.getBoundingClientRect().width / block.offsetWidth : 1;
  const wish = box.left < view.left ? view.left - box.left : Math.min(0, view.right - box.right);
  const most = box.width / 2;
  const way = Math.max(-most, Math.min(most, wish)) / zoom;
  if (way !== 0) note.style.marginLeft = `${Math.round(way)}px`;
}

const area = (box: Rect): number => Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);

const common = (a: Rect, b: Rect): Rect => ({
  left: Math.max(a.left, b.left),
  top: Math.max(a.top, b.top),
  right: Math.min(a.right, b.right),
  bottom: Math.min(a.bottom, b.bottom),
});
