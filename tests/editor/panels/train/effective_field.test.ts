import { describe, expect, it } from "vitest";
import type { EffectiveField } from "../../../../editor/generated/types";
import { Inside } from "../../../../editor/live/inside";
import { influenceWords, paintInfluence } from "../../../../editor/panels/train/effective_field";

const FIELD: EffectiveField = { kind: "effective_field", layer: "c2", step: 40, probe: 3, height: 2, width: 3, peak: 0.5, position: [1, 1], inside: 1, half: [3, 5], most: [7, 9] };

describe("the effective field in words", () => {
  it("says how small the patches are that hold a half and nine tenths, and that nothing lies outside", () => {
    expect(influenceWords(FIELD)).toBe("Half of the influence comes from 3×5 px, nine tenths from 7×9 px; 100% lies in the field.");
  });

  it("says so where no pixel counts", () => {
    expect(influenceWords({ ...FIELD, peak: 0, inside: 0, half: [0, 0], most: [0, 0] })).toMatch(/^No pixel has influence/);
  });
});

describe("the inside of a run", () => {
  it("keeps the newest effective field of each layer, without the padding of the record", () => {
    const inside = new Inside();
    const take = (header: EffectiveField, first: number) => inside.take({ header: { ...header }, payload: Uint8Array.of(first, 2, 3, 4, 5, 6, 0, 0) });
    expect(take(FIELD, 1)).toBe(true);
    take({ ...FIELD, layer: "c1" }, 7);
    take({ ...FIELD, step: 80 }, 9);
    expect(inside.fields.get("c2")).toMatchObject({ step: 80, bytes: Uint8Array.of(9, 2, 3, 4, 5, 6) });
    expect(inside.fields.size).toBe(2);
  });
});

describe("the picture", () => {
  it("darkens the image where nothing counts and covers it where most does", () => {
    const data = new Uint8ClampedArray(4 * 6);
    const context = { createImageData: () => ({ data }), putImageData: () => undefined } as unknown as CanvasRenderingContext2D;
    paintInfluence(context, { ...FIELD, bytes: Uint8Array.of(0, 64, 255, 0, 0, 0) });
    const opacity = [data[3], data[7], data[11]] as number[];
    expect(opacity).toEqual([153, 198, 242]);
    const brightness = [0, 4, 8].map((at) => (data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0));
    expect(brightness[0]).toBeLessThan(brightness[1] as number);
    expect(brightness[1]).toBeLessThan(brightness[2] as number);
  });
});
