import { describe, expect, it } from "vitest";
import { largestMistake, rowShares } from "../../../../../editor/charts/confusion";
import { cellWords, chance, classAccuracies, countOf, kindWords, mistakeWords, shortChance } from "../../../../../editor/panels/train/evaluation/kinds";
import { listed } from "../../../../../editor/panels/train/evaluation/MistakesPanel";
import { columnsOf, walk } from "../../../../../editor/panels/train/evaluation/walk";
import { evaluation, mistakes, NAMES } from "./fixtures";

describe("classAccuracies", () => {
  it("begin with the worst class", () => {
    expect(classAccuracies(evaluation())).toEqual([
      { index: 2, right: 2, images: 5, accuracy: 0.4 },
      { index: 0, right: 8, images: 10, accuracy: 0.8 },
      { index: 1, right: 9, images: 10, accuracy: 0.9 },
    ]);
  });

  it("end with classes that have no images", () => {
    const none = evaluation({ confusion: Int32Array.from([0, 0, 0, 0, 9, 1, 0, 3, 2]) });
    expect(classAccuracies(none).map(({ index }) => index)).toEqual([2, 1, 0]);
    expect(classAccuracies(none).at(-1)?.accuracy).toBeNaN();
  });
});

describe("kinds of mistakes", () => {
  it("are counted by cell and by row, without what was right", () => {
    expect(countOf(evaluation(), { truth: 2, said: 1 })).toBe(3);
    expect(countOf(evaluation(), { truth: 0, said: null })).toBe(2);
    expect(countOf(evaluation(), { truth: 1, said: 1 })).toBe(0);
  });

  it("are told in words", () => {
    expect(cellWords(evaluation(), NAMES, 2, 1)).toBe("7 said to be 1: 3 of 5");
    expect(cellWords(evaluation(), NAMES, 0, 0)).toBe("0 said rightly: 8 of 10");
    expect(kindWords({ truth: 2, said: null }, NAMES)).toBe("7 said to be something else");
    expect(mistakeWords(mistakes().mistakes[0] as never, NAMES)).toBe("7, said 1, 93%");
  });
});

describe("listed", () => {
  it("are the worst, or all of a kind with the highest loss first", () => {
    expect(listed(mistakes(), null)).toEqual([0, 1]);
    expect(listed(mistakes(), { truth: 2, said: 1 })).toEqual([0, 2]);
    expect(listed(mistakes(), { truth: 0, said: null })).toEqual([3]);
    expect(listed(mistakes(), { truth: 0, said: 2 })).toEqual([]);
  });

  it("put a loss that is no number first", () => {
    const broken = mistakes();
    broken.mistakes[2] = { ...(broken.mistakes[2] as (typeof broken.mistakes)[number]), loss: null };
    expect(listed(broken, { truth: 2, said: 1 })).toEqual([2, 0]);
  });
});

describe("chance", () => {
  it("is never said to be certain or none where it is not", () => {
    expect([0.931, 0.9951, 1, 0.005, 1e-9, 0, null].map(chance)).toEqual(["93%", "99.51%", "over 99.99%", "0.50%", "under 0.01%", "0%", "no number"]);
    expect([0.931, 0.9951, null].map(shortChance)).toEqual(["93%", ">99%", "–"]);
  });
});

describe("largestMistake", () => {
  it("is the largest share off the diagonal", () => {
    const { confusion, classes } = evaluation();
    expect(largestMistake(rowShares(confusion, classes), classes)).toBeCloseTo(0.6, 6);
    expect(largestMistake(Float32Array.from([1, 0, 0, 1]), 2)).toBe(1);
  });
});

describe("walk", () => {
  it("goes along rows and columns and stays inside", () => {
    const to = (key: string, at: number) => walk(key, at, 10, 4);
    expect([to("ArrowRight", 3), to("ArrowLeft", 0), to("ArrowDown", 1), to("ArrowUp", 5), to("Home", 7), to("End", 2)]).toEqual([4, 0, 5, 1, 0, 9]);
    expect(to("ArrowDown", 7)).toBe(9);
    expect(to("ArrowDown", 9)).toBe(9);
    expect(to("a", 3)).toBeNull();
    expect(walk("ArrowRight", 0, 0, 1)).toBeNull();
  });

  it("counts the columns of a wrapped list", () => {
    const list = { children: [{ offsetTop: 4 }, { offsetTop: 4 }, { offsetTop: 4 }, { offsetTop: 90 }] } as unknown as HTMLElement;
    expect(columnsOf(list)).toBe(3);
  });
});
