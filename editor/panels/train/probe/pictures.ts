/** Images of bytes, as the network takes them, on the page. */

/** uint8 [channels][height][width], its shape first. */
export interface ByteImage {
  shape: readonly [channels: number, height: number, width: number];
  bytes: Uint8Array;
}

/** In its own colours: grey or red, green, blue. */
export function paintBytes(context: CanvasRenderingContext2D, { shape: [channels, height, width], bytes }: ByteImage): void {
  const image = context.createImageData(width, height);
  const size = width * height;
  for (let at = 0; at < size; at += 1) {
    for (let part = 0; part < 3; part += 1) image.data[4 * at + part] = bytes[(channels >= 3 ? part : 0) * size + at] ?? 0;
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** For a place that takes an address. */
export function pictureUrl(image: ByteImage): string {
  const canvas = document.createElement("canvas");
  [, canvas.height, canvas.width] = image.shape;
  const context = canvas.getContext("2d");
  if (context) paintBytes(context, image);
  return canvas.toDataURL();
}

/** As a command carries it. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
