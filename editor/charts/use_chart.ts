import { useEffect, useRef } from "react";
import { painter } from "../live/painter";
import { themeVersion } from "./theme";

export interface Drawn {
  /** What the drawing depends on; it is drawn again only when this changes. */
  stamp: () => string;
  paint: (width: number, height: number) => void;
}

/** Draws in the painter's frames while the element is in view and something it depends on has changed. */
export function useChart(element: React.RefObject<HTMLElement | null>, drawn: Drawn): void {
  const latest = useRef(drawn);
  latest.current = drawn;
  const again = useRef(() => {});
  useEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    let before = "";
    let inView = true;
    // Asked for once and then told: a size that is read while other charts move their hairlines makes the browser lay out the page again.
    let [width, height] = [box.clientWidth, box.clientHeight];
    const tick = () => {
      if (!inView || width < 8 || height < 8) return;
      const stamp = `${width} ${height} ${themeVersion()} ${latest.current.stamp()}`;
      if (stamp === before) return;
      before = stamp;
      latest.current.paint(width, height);
    };
    const sizes = new ResizeObserver(() => {
      [width, height] = [box.clientWidth, box.clientHeight];
      again.current();
    });
    sizes.observe(box);
    const views = new IntersectionObserver((entries) => {
      inView = entries.at(-1)?.isIntersecting ?? true;
      again.current();
    });
    views.observe(box);
    const stop = painter.add(tick);
    again.current = () => painter.again(tick);
    return () => {
      stop();
      sizes.disconnect();
      views.disconnect();
    };
  }, [element]);
  useEffect(() => again.current());
}

/** A 2D context scaled to CSS pixels, cleared; `ratio` pixels of the canvas for one of CSS. */
export function freshContext(canvas: HTMLCanvasElement, width: number, height: number, ratio = window.devicePixelRatio || 1): CanvasRenderingContext2D {
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== tall) {
    canvas.width = wide;
    canvas.height = tall;
  }
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
