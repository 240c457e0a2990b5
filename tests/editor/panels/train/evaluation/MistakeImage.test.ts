import { describe, expect, it } from "vitest";
import { pixelsOf } from "../../../../../editor/panels/train/evaluation/MistakeImage";
import { mistakes } from "./fixtures";

const pixels = (change: Parameters<typeof mistakes>[0], index: number) => Array.from(pixelsOf(mistakes(change), index));

describe("pixelsOf", () => {
  it("repeats a grey value in all colours", () => {
    expect(pixels({}, 1)).toEqual([4, 4, 4, 255, 5, 5, 5, 255, 6, 6, 6, 255, 7, 7, 7, 255]);
  });

  it("takes a colour's three planes", () => {
    expect(pixels({ channels: 3, height: 1, width: 2, bytes: Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) }, 1)).toEqual([7, 9, 11, 255, 8, 10, 12, 255]);
  });
});
