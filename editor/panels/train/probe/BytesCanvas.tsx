import { useEffect, useRef } from "react";
import { type ByteImage, paintBytes } from "./pictures";

/** An image of bytes, one pixel a value. */
export function BytesCanvas({ image, label, className }: { image: ByteImage; label?: string; className?: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (context) paintBytes(context, image);
  });
  const [, height, width] = image.shape;
  return <canvas ref={canvas} className={className} width={width} height={height} {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })} />;
}
