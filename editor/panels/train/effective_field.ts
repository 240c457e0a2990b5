/** The effective receptive field as a picture and in words. */
import { sizeWords } from "../../canvas/fieldGeometry";
import { rampTable } from "../../charts/ramp";
import { percent } from "../../charts/words";
import type { EffectiveField } from "../../generated/types";
import type { EffectiveFieldView } from "../../live/inside";

/** How much of the image is covered where there is no influence, and where there is most. */
const LEAST_OPAQUE = 0.6;
const MOST_OPAQUE = 0.95;

/** Influence in the colours of the data scale, over a darkened image. The scale is the dark one on either theme: it lies on a picture, not on the page. */
export function paintInfluence(context: CanvasRenderingContext2D, { bytes, width, height }: EffectiveFieldView): void {
  const image = context.createImageData(width, height);
  const out = new Uint32Array(image.data.buffer);
  const ramp = rampTable(true);
  for (let at = 0; at < out.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const alpha = Math.round(255 * (LEAST_OPAQUE + (MOST_OPAQUE - LEAST_OPAQUE) * Math.sqrt(byte / 255)));
    out[at] = (((ramp[byte] as number) & 0xffffff) | (alpha << 24)) >>> 0;
  }
  context.putImageData(image, 0, 0);
}

/** "Half of its influence comes from 7×7 px, nine tenths from 13×13 px; 100% lies in the field." */
export function influenceWords({ peak, half, most, inside }: EffectiveField): string {
  if (peak === 0) return "No pixel has influence on its middle now: its units there gave zero.";
  return `Half of the influence comes from ${sizeWords(half)} px, nine tenths from ${sizeWords(most)} px; ${percent(inside, 0)} lies in the field.`;
}
