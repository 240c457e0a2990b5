import { describe, expect, it } from "vitest";
import type { Dataset } from "../../../../../editor/generated/types";
import { areaScaled, centred, fromPixels, looksInverted, networkInput, type Plane } from "../../../../../editor/panels/train/probe/plane";
import cases from "./centring.json";

const plane = (height: number, width: number, values: number[]): Plane => ({ channels: 1, height, width, values: Float32Array.from(values) });

describe("an image drawn by hand", () => {
  it.each(cases)("is put in the middle as the data set's own: $name, $size×$size by $middle", (known) => {
    const pen = { brush: 0.1, box: known.box, middle: known.middle as "mass" | "box" };
    const made = centred(plane(known.height, known.width, known.pixels), known.size, known.size, pen);
    expect(made.values).toHaveLength(known.made.length);
    for (const [at, value] of known.made.entries()) expect(made.values[at]).toBeCloseTo(value, 1);
  });

  it("has its mass in the middle of the image to half a pixel, wherever it was drawn", () => {
    const seven = cases.find((known) => known.name === "seven" && known.size === 28) as (typeof cases)[number];
    const { values } = centred(plane(seven.height, seven.width, seven.pixels), 28, 28, { brush: 0.1, box: 20, middle: "mass" });
    const mass = values.reduce((sum, value) => sum + value, 0);
    const row = values.reduce((sum, value, at) => sum + value * Math.floor(at / 28), 0) / mass;
    const column = values.reduce((sum, value, at) => sum + value * (at % 28), 0) / mass;
    expect(Math.abs(row - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(column - 14)).toBeLessThanOrEqual(0.5);
  });
});

describe("scaling by area", () => {
  it("keeps the mean, up and down", () => {
    const image = plane(4, 6, Array.from({ length: 24 }, (_, at) => (at * 37) % 256));
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (const [height, width] of [[2, 3], [3, 5], [9, 7]] as const) expect(mean(areaScaled(image, height, width).values)).toBeCloseTo(mean(image.values), 3);
  });
});

describe("what the network gets", () => {
  const dataset = { channels: 3, height: 1, width: 1, pen: { brush: 0.1, box: null, middle: "box" } } as Dataset;

  it("is colour by channel, grey by Rec. 601, white where the picture is transparent", () => {
    const pixels = Uint8ClampedArray.of(200, 100, 50, 255, 0, 0, 0, 0);
    expect(Array.from(fromPixels(pixels, 2, 1, 3).values)).toEqual([200, 255, 100, 255, 50, 255]);
    expect(fromPixels(pixels, 2, 1, 1).values[0]).toBeCloseTo(0.299 * 200 + 0.587 * 100 + 0.114 * 50, 3);
    expect(Array.from(networkInput(pixels, 2, 1, dataset, { invert: true, centre: false }))).toEqual([28, 78, 103]);
  });

  it("is taken for dark on light where the edge is light", () => {
    const paper = new Uint8ClampedArray(4 * 9).fill(255);
    paper.set([0, 0, 0], 16);
    expect(looksInverted(paper, 3, 3)).toBe(true);
    expect(looksInverted(paper.map((value, at) => (at % 4 === 3 ? 255 : 255 - value)), 3, 3)).toBe(false);
  });
});
