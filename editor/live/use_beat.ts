import { useEffect, useRef, useState } from "react";
import { painter } from "./painter";

/** Renders a small component anew when the stream brought something, at most every `milliseconds`: for facts, not for charts. */
export function useBeat(milliseconds = 250): number {
  const [beat, setBeat] = useState(0);
  const rendered = useRef(0);
  rendered.current = painter.news;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let last = Number.NEGATIVE_INFINITY;
    const stop = painter.add(() => {
      if (timer !== null || rendered.current === painter.news) return;
      const rest = last + milliseconds - performance.now(); // the first news is shown at once
      timer = setTimeout(
        () => {
          timer = null;
          last = performance.now();
          setBeat((before) => before + 1);
        },
        Math.max(0, rest),
      );
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [milliseconds]);
  return beat;
}
