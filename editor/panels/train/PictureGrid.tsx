import type { Position } from "../../canvas/fieldGeometry";
import { CanvasChart } from "../../charts/CanvasChart";
import { colour } from "../../charts/theme";
import { mapGrid } from "./map_pictures";
import { paintPicture, type Pictures } from "./pictures_of";

export interface Pointed {
  channel: number;
  x: number;
  y: number;
}

interface PictureGridProps {
  pictures: Pictures | null;
  summary: string;
  /** Units that are dead: 1. */
  dead?: Uint8Array | null;
  pointed: Pointed | null;
  onPointed: (pointed: Pointed | null) => void;
  /** A value marked in every image. */
  picked?: Position | null;
  onPressed: (pointed: Pointed) => void;
}

const scratch = document.createElement("canvas");

/** Small images in the largest squares that fit. */
export function PictureGrid({ pictures, summary, dead = null, pointed, onPointed, picked = null, onPressed }: PictureGridProps) {
  const paint = (context: CanvasRenderingContext2D, width: number, height: number) => {
    if (!pictures) return;
    const { columns, rows, cell } = mapGrid(pictures.count, width, height);
    scratch.width = pictures.width;
    scratch.height = pictures.height;
    const own = scratch.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    context.imageSmoothingEnabled = false;
    const side = cell - gapOf(cell);
    const ratio = pictures.height / pictures.width;
    const [wide, tall] = ratio > 1 ? [side / ratio, side] : [side, side * ratio];
    for (let channel = 0; channel < Math.min(pictures.count, columns * rows); channel += 1) {
      const left = (channel % columns) * cell;
      const top = Math.floor(channel / columns) * cell;
      paintPicture(own, pictures, channel);
      context.drawImage(scratch, left, top, wide, tall);
      if (picked && pictures.width > 1)
        mark(context, left + (picked[1] * wide) / pictures.width, top + (picked[0] * tall) / pictures.height, wide / pictures.width, tall / pictures.height);
      frame(context, left, top, wide, tall, dead?.[channel] === 1, pointed?.channel === channel);
    }
  };
  const find = (x: number, y: number, width: number, height: number): Pointed | null => {
    if (!pictures) return null;
    const { columns, cell } = mapGrid(pictures.count, width, height);
    const column = Math.floor(x / cell);
    const channel = Math.floor(y / cell) * columns + column;
    if (column >= columns || channel >= pictures.count || channel < 0) return null;
    const side = cell - gapOf(cell);
    const longest = Math.max(pictures.width, pictures.height);
    const inside = (at: number, size: number) => Math.max(0, Math.min(size - 1, Math.floor(((at % cell) / side) * longest)));
    return { channel, x: inside(x, pictures.width), y: inside(y, pictures.height) };
  };
  return (
    <CanvasChart
      className="maps-grid"
      summary={summary}
      stamp={() => `${pictures?.stamp} ${pointed?.channel} ${picked?.join()} ${dead?.join("")}`}
      paint={paint}
      onPoint={(x, y, width, height) => onPointed(find(x, y, width, height))}
      onLeave={() => onPointed(null)}
      onPress={(x, y, width, height) => {
        const found = find(x, y, width, height);
        if (found) onPressed(found);
      }}
    />
  );
}

const gapOf = (cell: number): number => (cell > 12 ? 3 : 1);

function mark(context: CanvasRenderingContext2D, left: number, top: number, wide: number, tall: number): void {
  context.strokeStyle = colour("accent");
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, Math.max(2, wide - 1), Math.max(2, tall - 1));
}

function frame(context: CanvasRenderingContext2D, left: number, top: number, wide: number, tall: number, dead: boolean, on: boolean): void {
  if (dead) {
    context.fillStyle = colour("unit-dead");
    context.fillRect(left, top, wide, tall);
    context.strokeStyle = colour("ink-3");
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(left, top + tall);
    context.lineTo(left + wide, top);
    context.stroke();
  }
  context.strokeStyle = colour(on ? "accent" : "rule-2");
  context.lineWidth = on ? 2 : 1;
  context.strokeRect(left + 0.5, top + 0.5, wide - 1, tall - 1);
}
