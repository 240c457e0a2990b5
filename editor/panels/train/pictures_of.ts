/** What is shown as a row of small images: feature maps, their gradients, filters. */
import { rampTable } from "../../charts/ramp";
import { signedPixel } from "../../charts/signed_ramp";
import { type GradientsView, mapValue, type MapsView, type WeightsView } from "../../live/inside";

export interface Pictures {
  /** What they are drawn from; grows old with the next record. */
  stamp: string;
  count: number;
  height: number;
  width: number;
  value(image: number, y: number, x: number): number;
  /** Ready for a Uint32Array over ImageData. */
  pixel(image: number, y: number, x: number): number;
}

export function mapPictures(maps: MapsView): Pictures {
  const ramp = rampTable();
  return {
    stamp: `maps ${maps.layer} ${maps.step} ${maps.probe}`,
    count: maps.channels,
    height: maps.height,
    width: maps.width,
    value: (channel, y, x) => mapValue(maps, channel, y, x),
    pixel: (channel, y, x) => ramp[maps.bytes[(channel * maps.height + y) * maps.width + x] ?? 0] as number,
  };
}

export function gradientPictures(gradients: GradientsView): Pictures {
  const { height, width, bytes, peak } = gradients;
  const byte = (channel: number, y: number, x: number) => bytes[(channel * height + y) * width + x] ?? 0;
  return {
    stamp: `gradients ${gradients.layer} ${gradients.step} ${gradients.probe} ${gradients.target}`,
    count: gradients.channels,
    height,
    width,
    value: (channel, y, x) => (byte(channel, y, x) * peak) / 127,
    pixel: (channel, y, x) => signedPixel(byte(channel, y, x) / 127),
  };
}

/** Value of one weight of what is shown. */
export function weightValue({ channels, height, width, bytes, low, high }: WeightsView, unit: number, channel: number, y: number, x: number): number {
  const byte = bytes[((unit * channels + channel) * height + y) * width + x] ?? 0;
  return low + (byte * (high - low)) / 255;
}

/** One image for each filter: in colour where it reads the image in colour, else what it looks for in one channel of its input. */
export function weightPictures(weights: WeightsView, channel: number): Pictures {
  const { low, high } = weights;
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const shade = (unit: number, part: number, y: number, x: number) => Math.round((255 * (weightValue(weights, unit, part, y, x) - low)) / (high - low || 1));
  return {
    stamp: `weights ${weights.layer} ${weights.step} ${channel}`,
    count: weights.units,
    height: weights.height,
    width: weights.width,
    value: (unit, y, x) => weightValue(weights, unit, channel, y, x),
    pixel: weights.colour
      ? (unit, y, x) => ((255 << 24) | (shade(unit, 2, y, x) << 16) | (shade(unit, 1, y, x) << 8) | shade(unit, 0, y, x)) >>> 0
      : (unit, y, x) => signedPixel(weightValue(weights, unit, channel, y, x) / most),
  };
}

/** One image, one pixel a value. */
export function paintPicture(context: CanvasRenderingContext2D, pictures: Pictures, image: number): void {
  const data = context.createImageData(pictures.width, pictures.height);
  const out = new Uint32Array(data.data.buffer);
  for (let y = 0; y < pictures.height; y += 1) for (let x = 0; x < pictures.width; x += 1) out[y * pictures.width + x] = pictures.pixel(image, y, x);
  context.putImageData(data, 0, 0);
}
