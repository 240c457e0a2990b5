// When this browser last opened each experiment; the start page sorts by it.
const KEY = "playground.opened";
const KEPT = 200;

export function openedTimes(storage: Storage = localStorage): Record<string, number> {
  try {
    const value: unknown = JSON.parse(storage.getItem(KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, number>) : {};
  } catch {
    return {};
  }
}

export function markOpened(id: string, now = Date.now(), storage: Storage = localStorage) {
  const all = Object.entries({ ...openedTimes(storage), [id]: now });
  const newest = all.sort(([, a], [, b]) => b - a).slice(0, KEPT);
  try {
    storage.setItem(KEY, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // the list is then sorted by the site's times alone
  }
}
