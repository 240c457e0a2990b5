import { describe, expect, it } from "vitest";
import { blockName, distinct, tellingLayers } from "../../../editor/live/layers";
import type { NamedLayer } from "../../../editor/live/layers";

describe("distinct", () => {
  it("adds letters only where a name occurs twice", () => {
    expect(distinct(["Conv 3×3", "ReLU", "Conv 3×3", "Dense 10"])).toEqual(["Conv 3×3 a", "ReLU", "Conv 3×3 b", "Dense 10"]);
  });
});

describe("tellingLayers", () => {
  const layers = Array.from({ length: 20 }, (_, index) => ({ id: `l${index}` }) as NamedLayer);

  it("takes the first, the last and some between", () => {
    expect(tellingLayers(layers)).toEqual(["l0", "l6", "l13", "l19"]);
    expect(tellingLayers(layers.slice(0, 3))).toEqual(["l0", "l1", "l2"]);
  });
});

describe("blockName", () => {
  const layer = (id: string, node: string, label: string) => ({ id, node, label, name: label }) as NamedLayer;
  const layers = [layer("c", "c", "Conv 3×3 a"), layer("r/one", "r", "Residual 1 · Conv 3×3 a"), layer("r/add", "r", "Residual 1 · Add")];

  it("is the name in the charts, of a composite block without its layers'", () => {
    expect(blockName(layers, "c")).toBe("Conv 3×3 a");
    expect(blockName(layers, "r")).toBe("Residual 1");
    expect(blockName(layers, "gone")).toBeNull();
  });
});
