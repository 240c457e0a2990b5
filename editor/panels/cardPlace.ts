export interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const GAP = 30;
/** Covered px² that one px further away outweighs: among many blocks a near card that covers a few reads better. */
const NEARNESS = 20;

/**
 * Where a card stands: in view, never on its own block, on as few others as can be, and near. Tries a ring of
 * places around the block and a coarse grid over the view.
 */
export function placeCard(card: { width: number; height: number }, home: Rect, others: readonly Rect[], view: Rect): { x: number; y: number } {
  const middle = { x: (home.left + home.right) / 2, y: (home.top + home.bottom) / 2 };
  const near = [
    { x: home.left - card.width - GAP, y: home.top - 10 },
    { x: home.right + GAP, y: home.top - 10 },
    { x: middle.x - card.width / 2, y: home.bottom + GAP },
    { x: middle.x - card.width / 2, y: home.top - card.height - GAP },
  ];
  const grid: { x: number; y: number }[] = [];
  for (let x = view.left; x <= view.right - card.width; x += 40) for (let y = view.top; y <= view.bottom - card.height; y += 36) grid.push({ x, y });
  let best = { x: view.left, y: view.top };
  let least = Infinity;
  for (const wish of [...near, ...grid]) {
    const place = { x: clamp(wish.x, view.left, view.right - card.width), y: clamp(wish.y, view.top, view.bottom - card.height) };
    const box = { left: place.x, top: place.y, right: place.x + card.width, bottom: place.y + card.height };
    const covered = others.reduce((sum, other) => sum + overlap(box, other), 0) + 20 * overlap(box, home);
    const far = Math.hypot(place.x + card.width / 2 - middle.x, place.y + card.height / 2 - middle.y);
    const cost = covered + far * NEARNESS;
    if (cost < least) {
      least = cost;
      best = place;
    }
  }
  return { x: Math.round(best.x), y: Math.round(best.y) };
}

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, Math.max(low, high)));

const overlap = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
