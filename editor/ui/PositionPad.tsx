import type { KeyboardEvent, PointerEvent, ReactNode } from "react";
import { type Extent, type Position, step } from "../canvas/fieldGeometry";

interface PositionPadProps {
  label: string;
  output: Extent;
  position: Position;
  onMove: (position: Position) => void;
  /** The output value at a point, in shares of the pad's height and width. */
  at: (y: number, x: number) => Position;
  /** Only a press moves, not the pointer on its way over it. */
  pressOnly?: boolean;
  className?: string;
  children?: ReactNode;
}

/** A place among output values, chosen by pointer or arrow keys. */
export function PositionPad({ label, output, position, onMove, at, pressOnly = false, className, children }: PositionPadProps) {
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const area = event.currentTarget.getBoundingClientRect();
    onMove(at((event.clientY - area.top) / area.height, (event.clientX - area.left) / area.width));
  };
  const press = (event: KeyboardEvent) => {
    const next = step(position, event.key, output);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    onMove(next);
  };
  return (
    <div
      className={className}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={output.height * output.width - 1}
      aria-valuenow={position[0] * output.width + position[1]}
      aria-valuetext={`row ${position[0]}, column ${position[1]}`}
      onKeyDown={press}
      onPointerDown={point}
      onPointerMove={pressOnly ? undefined : point}
    >
      {children}
    </div>
  );
}
