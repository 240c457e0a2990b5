import { describe, expect, it } from "vitest";
import { Inside } from "../../../editor/live/inside";
import { newestStep } from "../../../editor/live/use_mistakes";

const header = (split: string, step: number) => ({
  kind: "mistakes", split, step, wrong: 2, worst: 2, channels: 1, height: 1, width: 3, original: [1, 3],
  mistakes: [{ position: 5 }, { position: 6 }],
});

describe("mistakes inside a run", () => {
  it("are kept for each split, with their own bytes alone", () => {
    const inside = new Inside();
    const payload = Uint8Array.from([1, 2, 3, 4, 5, 6, 0, 0]);
    expect(inside.take({ header: header("train", 20), payload })).toBe(true);
    inside.take({ header: header("validation", 20), payload });
    inside.take({ header: header("validation", 40), payload });
    payload.fill(9);
    expect(Array.from(inside.mistakes, ([split, { step }]) => [split, step])).toEqual([["train", 20], ["validation", 40]]);
    expect(Array.from(inside.mistakes.get("train")?.bytes ?? [])).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("belong to the newest evaluation of any split", () => {
    const inside = new Inside();
    expect(newestStep(inside)).toBe(-1);
    const pass = { kind: "evaluation", classes: 1, images: 1 };
    inside.take({ header: { ...pass, split: "validation", step: 40 }, payload: new Uint8Array(4) });
    inside.take({ header: { ...pass, split: "train", step: 20 }, payload: new Uint8Array(4) });
    expect(newestStep(inside)).toBe(40);
  });
});
