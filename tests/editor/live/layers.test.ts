import { describe, expect, it } from "vitest";
import { blockName, distinct, runLayers, tellingLayers } from "../../../editor/live/layers";
import type { Started } from "../../../editor/generated/types";
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

describe("runLayers", () => {
  it("calls an activation inside a block after the convolution that feeds it, past its norm", () => {
    const layer = (id: string, block: string, label: string, units: number, parameters: number) => ({ id, node: "r", block, label, shape: [4, 8, 8], units, parameters });
    const layers = [
      layer("r/one", "conv2d", "Residual 1 · Conv 3×3 a", 0, 9),
      layer("r/norm", "batch_norm", "Residual 1 · Batch norm", 0, 8),
      layer("r/relu", "relu", "Residual 1 · ReLU", 4, 0),
    ];
    const streams = [{ name: "layers", columns: ["r/one", "r/norm"].map((id) => ({ quantity: "gradient_rms", layer: id })) }];
    const found = runLayers({ layers, streams } as unknown as Started, { format: 1, name: "", nodes: [], edges: [] });
    expect(found.rectified.map((one) => one.name)).toEqual(["Residual 1 · Conv 3×3 a"]);
    expect(found.weighted.map((one) => one.id)).toEqual(["r/one"]);
  });
});
