/** The dashed lines of a run's flags over a drawing that is not a line chart. */
import type { Flag } from "./line_picture";
import { colour } from "./theme";

interface FlagArea {
  left: number;
  right: number;
  width: number;
  height: number;
}

export function paintFlagLines(context: CanvasRenderingContext2D, { left, right, width, height }: FlagArea, flags: readonly Flag[], [from, to]: [number, number]): void {
  context.strokeStyle = colour("warn-line");
  context.lineWidth = 1;
  context.setLineDash([1, 3]);
  for (const { step } of flags) {
    if (step < from || step > to) continue;
    const x = left + ((width - left - right) * (step - from)) / (to - from);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height);
    context.stroke();
  }
  context.setLineDash([]);
}
