// Whether the site answers. Requests report here, and the autosave reads it.

let reachable = true;
const listeners = new Set<(reachable: boolean) => void>();

export function setReachable(now: boolean) {
  if (now === reachable) return;
  reachable = now;
  for (const listener of listeners) listener(reachable);
}

export const isReachable = () => reachable;

export function onReachable(listener: (reachable: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
