// Where a box that opens beside another one stands, in pixels of the window.

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Size {
  width: number;
  height: number;
}

const GAP = 6;
const MARGIN = 8;

/** Below the anchor, or above it where there is no room; never out of the window. */
export function beside(anchor: Box, box: Size, view: Size, align: "start" | "middle" | "end" = "start") {
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - box.height;
  const top = below + box.height > view.height - MARGIN && above >= MARGIN ? above : below;
  const wanted =
    align === "start" ? anchor.left : align === "end" ? anchor.right - box.width : (anchor.left + anchor.right - box.width) / 2;
  const left = Math.max(MARGIN, Math.min(wanted, view.width - MARGIN - box.width));
  return { left, top };
}
