import { expect, test } from "vitest";
import { fittedTitle, named, shortTitle } from "../../../editor/charts/titles";

const ctx = { measureText: (text: string) => ({ width: text.length }) } as CanvasRenderingContext2D;

test("a name is parted where what differs begins", () => {
  expect(named("LeNet-5, rate 0.01, seed 3")).toEqual({ base: "LeNet-5", own: "rate 0.01, seed 3" });
  expect(named("LeNet-5")).toEqual({ base: "LeNet-5", own: "" });
});

test("where there is no room for the whole name, what differs is what stays", () => {
  expect(fittedTitle(ctx, "B", "LeNet-5, Sigmoid", 40)).toBe("B LeNet-5, Sigmoid");
  expect(fittedTitle(ctx, "B", "LeNet-5, Sigmoid", 12)).toBe("B Sigmoid");
  expect(fittedTitle(ctx, "B", "LeNet-5, Sigmoid", 6)).toBe("B Sig…");
  expect(fittedTitle(ctx, "A", "LeNet-5", 6)).toBe("A LeN…");
});

test("of a name that is too long the shared part is cut first", () => {
  expect(shortTitle("LeNet-5 for Small digits", 28)).toBe("LeNet-5 for Small digits");
  expect(shortTitle("LeNet-5 for Small digits, rate 0.003", 28)).toBe("LeNet-5 for Sma…, rate 0.003");
  expect(shortTitle("LeNet-5 for Small digits, rate 0.003, seed 2", 28)).toBe("LeNet-5…, rate 0.003, seed 2");
  expect(shortTitle("LeNet-5, Glorot uniform, rate 0.003", 28)).toBe("Glorot uniform, rate 0.003");
  expect(shortTitle("A network without a comma in its name", 28)).toBe("A network without a comma i…");
});
