import { describe, expect, it } from "vitest";
import { ImageRefused, pictureSize } from "../../../../../editor/panels/train/probe/image_file";

function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

const jpeg = (width: number, height: number) =>
  Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 9, 0xff, 0xc2, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0);

function attempt(bytes: Uint8Array): unknown {
  try {
    return pictureSize(bytes).width > 0 ? "read" : "nothing";
  } catch (error) {
    return error;
  }
}

describe("a picture file", () => {
  it("says its size before it is opened", () => {
    expect(pictureSize(png(640, 480))).toEqual({ kind: "PNG", width: 640, height: 480 });
    expect(pictureSize(jpeg(1024, 768))).toEqual({ kind: "JPEG", width: 1024, height: 768 });
  });

  it.each([
    ["is no picture", new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"), /neither a PNG nor a JPEG/],
    ["is empty", new Uint8Array(), /neither a PNG nor a JPEG/],
    ["would fill all memory", png(60_000, 60_000), /60000 × 60000 pixels; at most 40 million/],
    ["has no pixels", jpeg(0, 5), /no pixels/],
    ["is too large", new Uint8Array(13_000_000), /larger than 12 MB/],
  ])("is refused in words where it %s", (_, bytes, words) => {
    expect(() => pictureSize(bytes)).toThrow(words);
  });

  it("of any bytes is read or refused, and never anything else", () => {
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let round = 0; round < 2000; round += 1) {
      const whole = round % 2 ? jpeg(40, 30) : png(40, 30);
      const bytes = whole.slice(0, Math.floor(random() * (whole.length + 1)));
      for (let change = 0; change < 4; change += 1) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      const outcome = attempt(bytes);
      expect(outcome instanceof ImageRefused || outcome === "read").toBe(true);
    }
  });
});
