import { describe, expect, test } from "vitest";
import { denseSentence, sameClass, throughTheYears, times } from "../../../../editor/panels/plane/statements";
import { card, published, ZOO } from "./fixtures";

describe("through the years", () => {
  test("names the cheapest network of the last year that errs about a third as often, and the best one", () => {
    expect(throughTheYears(ZOO)).toEqual({
      title: "In 3 years",
      text: "ResNet-50 (2015) errs 2.7× less often than AlexNet (2012), 6.71% against 18.2% top-5, for 5.6× the multiply-adds. ResNet-152 errs 3.2× less often, for 16×.",
    });
  });

  test("follows its data: other errors, another sentence", () => {
    const changed = ZOO.map((each) => (each.name === "resnet-50" ? { ...each, published: published({ top5_error: 9 }) } : each));
    expect(throughTheYears(changed)?.text).toContain("ResNet-101 (2015) errs 3.0× less often");
  });

  test("says where errors were not measured alike", () => {
    const changed = ZOO.map((each) => (each.name === "alexnet" ? { ...each, published: published({ top5_error: 18.2, evaluation: "one crop" }) } : each));
    expect(throughTheYears(changed)?.text).toMatch(/The errors were not all measured alike\.$/);
  });

  test("is left out where there is only one year, or none", () => {
    expect(throughTheYears(ZOO.filter(({ year }) => year === 2015))).toBeNull();
    expect(throughTheYears([card("a")])).toBeNull();
  });
});

describe("the same class", () => {
  test("sets ResNet-101 beside VGG-16", () => {
    const text = sameClass(ZOO)?.text.replaceAll("\u202f", " ");
    expect(text).toBe("ResNet-101 with 101 layers in place of 16 stays in the class of VGG-16: 7.80 G multiply-adds against 15.5 G, 44.5 M parameters against 138 M. Its top-5 error is 6.05% against 7.5%.");
  });

  test("is left out where one of them is not there", () => {
    expect(sameClass(ZOO.filter(({ name }) => name !== "vgg-16"))).toBeNull();
  });
});

test("dense layers: who keeps most in them, and who least", () => {
  const [alexnet, , , resnet] = ZOO as [(typeof ZOO)[0], (typeof ZOO)[0], (typeof ZOO)[0], (typeof ZOO)[0]];
  const shares = [
    { card: resnet, dense: 2_049_000, total: 25_557_032 },
    { card: alexnet, dense: 58_631_144, total: 60_965_224 },
  ];
  expect(denseSentence(shares)?.replaceAll("\u202f", " ")).toBe("AlexNet keeps 58.6 M of 61 M parameters in its dense layers, ResNet-50 2.05 M of 25.6 M.");
  expect(denseSentence(shares.slice(1))).toBeNull();
});

test("ratios carry a decimal below ten", () => {
  expect([2.71, 9.96, 15.9, 0.5].map(times)).toEqual(["2.7×", "10×", "16×", "0.5×"]);
});
