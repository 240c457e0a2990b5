import { useEffect, useState } from "react";
import { painter } from "./painter";

/** Renders a small component anew when the stream brought something, at most every `milliseconds`: for facts, not for charts. */
export function useBeat(milliseconds = 250): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = painter.add(() => {
      if (timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        setBeat((before) => before + 1);
      }, milliseconds);
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [milliseconds]);
  return beat;
}
