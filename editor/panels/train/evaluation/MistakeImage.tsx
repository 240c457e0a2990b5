import { useEffect, useRef } from "react";
import type { MistakesView } from "../../../live/inside";

/** An image of a record of mistakes as it is in the data set, grey or in colour. */
export function MistakeImage({ mistakes, index }: { mistakes: MistakesView; index: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    context.putImageData(new ImageData(pixelsOf(mistakes, index), mistakes.width, mistakes.height), 0, 0);
  }, [mistakes, index]);
  return <canvas ref={canvas} className="mistake-image" width={mistakes.width} height={mistakes.height} aria-hidden="true" />;
}

/** RGBA of one image; of more than three channels the first three are shown, of two the first. */
export function pixelsOf({ bytes, channels, height, width }: MistakesView, index: number): Uint8ClampedArray<ArrayBuffer> {
  const size = height * width;
  const start = index * channels * size;
  const pixels = new Uint8ClampedArray(4 * size);
  for (let at = 0; at < size; at += 1) {
    for (let part = 0; part < 3; part += 1) pixels[4 * at + part] = bytes[start + (channels >= 3 ? part * size : 0) + at] ?? 0;
    pixels[4 * at + 3] = 255;
  }
  return pixels;
}
