/** A picture from the reader's own files, checked before it is opened: a small file can hold a picture that fills all memory. */

import { megabytes } from "../../../charts/words";

/** Bytes. */
const LARGEST_FILE = 12_000_000;
const MOST_PIXELS = 40_000_000;
/** Side of the picture that is worked on; the network takes far less. */
const WORKED_ON = 320;

/** Why a file is not taken, in words, with the way out. */
export class ImageRefused extends Error {
  override name = "ImageRefused";
}

export interface PictureSize {
  kind: "PNG" | "JPEG";
  width: number;
  height: number;
}

/** What the file's first bytes say it is. Throws ImageRefused. */
export function pictureSize(bytes: Uint8Array): PictureSize {
  if (bytes.length > LARGEST_FILE) throw tooLarge();
  const found = pngSize(bytes) ?? jpegSize(bytes);
  if (!found) throw new ImageRefused("This file is neither a PNG nor a JPEG picture. Save it as one of these.");
  if (found.width < 1 || found.height < 1) throw new ImageRefused(`This ${found.kind} says that it has no pixels. It may be damaged; save it anew.`);
  if (found.width * found.height > MOST_PIXELS)
    throw new ImageRefused(`This ${found.kind} has ${found.width} × ${found.height} pixels; at most 40 million can be taken. Save a smaller copy.`);
  return found;
}

const tooLarge = () => new ImageRefused(`This file is larger than ${megabytes(LARGEST_FILE)}. Save a smaller copy.`);

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function pngSize(bytes: Uint8Array): PictureSize | null {
  if (bytes.length < 24 || PNG.some((value, at) => bytes[at] !== value) || String.fromCharCode(...bytes.subarray(12, 16)) !== "IHDR") return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return { kind: "PNG", width: view.getUint32(16), height: view.getUint32(20) };
}

/** Walks the segments to the frame header, SOF0 to SOF15 without DHT, JPG and DAC (ITU-T T.81, table B.1). */
function jpegSize(bytes: Uint8Array): PictureSize | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) at += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return { kind: "JPEG", height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    else at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  return null;
}

export interface Picture {
  rgba: Uint8ClampedArray;
  width: number;
  height: number;
}

/** The middle of the picture in the shape that the network takes. Throws ImageRefused. */
export async function openPicture(file: File, shape: { width: number; height: number }): Promise<Picture> {
  if (file.size > LARGEST_FILE) throw tooLarge(); // without being read
  const { kind } = pictureSize(new Uint8Array(await file.arrayBuffer()));
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new ImageRefused(`This ${kind} cannot be opened; it is damaged or not whole. Save it anew.`);
  }
  const scale = Math.max(shape.width / bitmap.width, shape.height / bitmap.height);
  const [wide, tall] = [shape.width / scale, shape.height / scale];
  const longest = Math.max(shape.width, shape.height);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round((WORKED_ON * shape.width) / longest));
  canvas.height = Math.max(1, Math.round((WORKED_ON * shape.height) / longest));
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (bitmap.width - wide) / 2, (bitmap.height - tall) / 2, wide, tall, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return { rgba: context.getImageData(0, 0, canvas.width, canvas.height).data, width: canvas.width, height: canvas.height };
}
