import { useEffect, useEffectEvent } from "react";

/** Looks again every so many milliseconds while somebody looks at the page; null where nothing will change by itself. */
export function useEvery(milliseconds: number | null, look: () => void): void {
  const again = useEffectEvent(look);
  useEffect(() => {
    if (milliseconds === null) return undefined;
    const timer = window.setInterval(() => {
      if (document.visibilityState === "visible") again();
    }, milliseconds);
    return () => window.clearInterval(timer);
  }, [milliseconds]);
}
