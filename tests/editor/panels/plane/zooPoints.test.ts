import { expect, test } from "vitest";
import { marksShown, usualError, zooPoints } from "../../../../editor/panels/plane/zooPoints";
import { card, published, ZOO } from "./fixtures";

test("only networks whose error was published have a dot", () => {
  expect(zooPoints(ZOO, "top5_error", "macs").map(({ id }) => id).toSorted()).toEqual(["alexnet", "resnet-101", "resnet-152", "resnet-50", "vgg-16"]);
  expect(zooPoints(ZOO, "top1_error", "macs").map(({ id }) => id)).toContain("resnet-18");
  expect(zooPoints([], "top1_error", "macs")).toEqual([]);
});

test("the cost is what is counted here, and the area is the other of the two", () => {
  const alexnet = (cost: "macs" | "parameters") => zooPoints(ZOO, "top5_error", cost).find(({ id }) => id === "alexnet");
  expect(alexnet("macs")).toMatchObject({ cost: 724_406_816, size: 60_965_224, error: 18.2, href: "/zoo/alexnet" });
  expect(alexnet("parameters")).toMatchObject({ cost: 60_965_224, size: 724_406_816 });
});

test("the commonest way to measure is filled, each other one has a mark of its own", () => {
  const others = ["multi-crop", "one crop", "an ensemble"].map((evaluation, index) => card(`x${index}`, { published: published({ top5_error: 8, evaluation }) }));
  const marks = new Map(zooPoints([...ZOO, ...others], "top5_error", "macs").map((point) => [point.published.evaluation, point.mark]));
  expect(marks.get("10 crops")).toBe("filled");
  expect(new Set(["dense, 3 scales", "multi-crop", "one crop"].map((way) => marks.get(way)))).toEqual(new Set(["hollow", "dashed", "dotted"]));
  expect(marks.get("an ensemble")).toBe("dotted");
});

test("the key names the commonest way first", () => {
  expect(marksShown(zooPoints(ZOO, "top5_error", "macs"))).toEqual([["filled", "10 crops"], ["hollow", "dense, 3 scales"]]);
});

test("a dot says in words all it stands for", () => {
  const spoken = zooPoints(ZOO, "top5_error", "macs").find(({ id }) => id === "resnet-152")?.spoken;
  expect(spoken).toBe("ResNet-152, 2015: 5.71% top-5 error, 10 crops; 11,513,626,624 multiply-adds, 60,192,808 parameters");
});

test("the error that more networks have comes first, top-1 in a draw", () => {
  expect(usualError(ZOO)).toBe("top1_error");
  expect(usualError([card("a", { published: published({ top5_error: 9 }) })])).toBe("top5_error");
  expect(usualError([])).toBe("top1_error");
});
