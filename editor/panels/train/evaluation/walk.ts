/** Where an arrow key leads among items that stand in rows. */

/** Index of the next item; null for a key that leads nowhere. */
export function walk(key: string, at: number, count: number, columns: number): number | null {
  const last = count - 1;
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns, ArrowUp: at - columns, Home: 0, End: last }[key];
  if (to === undefined || count === 0) return null;
  if (to >= 0 && to <= last) return to;
  return key === "ArrowDown" && Math.floor(at / columns) < Math.floor(last / columns) ? last : at;
}

/** Columns that a wrapped list shows: how many items share the first one's top. */
export function columnsOf(list: HTMLElement): number {
  const items = Array.from(list.children) as HTMLElement[];
  const top = items[0]?.offsetTop;
  return Math.max(1, items.filter((item) => item.offsetTop === top).length);
}
