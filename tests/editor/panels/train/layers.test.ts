import { describe, expect, it } from "vitest";
import { Inside, NO_STEP, type UnitsPast } from "../../../../editor/live/inside";
import type { NamedLayer } from "../../../../editor/live/layers";
import type { DeadRow } from "../../../../editor/charts/dead_rows";
import { depthDecades, depthPoints } from "../../../../editor/panels/train/depth";
import { pickedLayers } from "../../../../editor/panels/train/layer_curves";
import { colourShare, lastLevel, quantityOf, roundUp, sayBeside, scaleEnds, zonesOf } from "../../../../editor/panels/train/quantities";
import { spreadKeys } from "../../../../editor/panels/train/spread";
import { cameBack, firstSince, layerWords, unitRows, unitWords } from "../../../../editor/panels/train/unit_words";

const layer = (id: string, change: Partial<NamedLayer> = {}): NamedLayer => ({
  id, node: id, block: "dense", label: id, name: id, shape: [8], units: 0, parameters: 1, steepest: null, slope_bound: 1, ...change,
});

describe("the colours of a quantity", () => {
  it("meet the page at zero and leave it by decades for magnitudes", () => {
    const gradient = quantityOf("gradient_rms");
    expect([0, 1e-9, 1e-6, 1e-3, 1, 50].map((value) => colourShare(gradient, value, 1))).toEqual([0, 0, 0, 0.5, 1, 1]);
    expect(scaleEnds(gradient, 1)).toEqual(["10⁻⁶", "10⁰"]);
  });

  it("are the share itself for shares, and the size over the largest for signed values", () => {
    expect(colourShare(quantityOf("zero_fraction"), 0.42, 1)).toBe(0.42);
    expect(colourShare(quantityOf("activation_mean"), -3, 5)).toBe(0.6);
    expect(scaleEnds(quantityOf("activation_mean"), 5)).toEqual(["0", "5"]);
  });

  it("end at a round number", () => {
    expect([0, 0.013, 0.2, 4.1, 99].map(roundUp)).toEqual([1, 0.02, 0.2, 5, 100]);
  });
});

describe("the value beside a row", () => {
  it("is an exponent, a percentage or the number", () => {
    expect([sayBeside(quantityOf("gradient_rms"), 3e-4), sayBeside(quantityOf("dead"), 0.25), sayBeside(quantityOf("activation_mean"), -0.5)]).toEqual(["−3.5", "25%", "−0.500"]);
    expect(sayBeside(quantityOf("gradient_rms"), Number.NaN)).toBe("–");
  });
});

describe("the parts of a chart that are a bad sign", () => {
  it("lie where the doctor's limits are, and for gradients below a share of the last layers' level", () => {
    const gradients = [1, 1, 1, 1, 1, 1, 1, 0.5, 2, 2, 2, 0.25]; // the last quarter: geometric mean 1
    expect(zonesOf("gradient_rms", () => gradients)).toEqual([{ from: 1e-30, to: expect.closeTo(1e-3), name: "vanishing: below 1/1000 of the last layers" }]);
    expect(zonesOf("gradient_rms", () => [Number.NaN])).toEqual([]);
    const never = () => { throw new Error("not asked for"); };
    expect(zonesOf("dead", never)).toEqual([{ from: 1 / 3, to: 1e30, name: "dying: a third and more" }]);
    expect(zonesOf("update_ratio", never).map(({ from, to }) => [from, to])).toEqual([[1e-30, 1e-5], [0.01, 1e30]]);
    expect(zonesOf("weight_l2", never)).toEqual([]);
  });
});

describe("the vanishing-gradient ruler", () => {
  const layers = [layer("a", { slope_bound: 1 / 64 }), layer("b", { slope_bound: 1 / 16 }), layer("c", { slope_bound: 1 / 4 }), layer("d")];

  it("measures against the last quarter of the layers and keeps the bound as the run states it", () => {
    expect(lastLevel([1, 2, 3, 4, 1e-2, 1])).toBeCloseTo(1);
    expect(lastLevel([1, 1, 1, 1, 1, 1, 1e-2, 1])).toBeCloseTo(0.1);
    const points = depthPoints(layers, [1e-5, 1e-4, 1e-3, 1e-2]);
    expect(points.map(({ measured }) => Number(measured.toPrecision(3)))).toEqual([1e-3, 1e-2, 0.1, 1]);
    expect(points.map(({ bound }) => bound)).toEqual([1 / 64, 1 / 16, 1 / 4, 1]);
  });

  it("always shows where the danger begins, and as far down as the curves go", () => {
    expect(depthDecades(depthPoints(layers, [1, 1, 1, 1]))).toEqual([-4, 1]);
    expect(depthDecades(depthPoints(layers, [1e-9, 1, 1, 1]))).toEqual([-9, 1]);
    expect(depthDecades(depthPoints(layers, [0, Number.NaN, 1, 1]))[0]).toBe(-4);
  });
});

describe("the layers that are drawn as curves", () => {
  it("are the chosen ones, and of activations those behind them", () => {
    const activations = [layer("r1", { feeder: "a" }), layer("r2", { feeder: "b" }), layer("r3")];
    expect(pickedLayers(activations, ["b", "r3"]).map(({ id }) => id)).toEqual(["r2", "r3"]);
    expect(pickedLayers(activations, ["gone"]).map(({ id }) => id)).toEqual(["r1", "r2", "r3"]);
  });
});

describe("the histograms of a layer", () => {
  it("are of its own weights and of the activation behind it", () => {
    const activations = [layer("r1", { feeder: "a" })];
    expect(spreadKeys("a", activations).map(({ key }) => key)).toEqual(["activations r1", "weights a", "gradients a"]);
    expect(spreadKeys("z", activations)[0]).toMatchObject({ key: null, empty: "no activation follows" });
  });

  it("are read from their records, the newest of each", () => {
    const inside = new Inside();
    const header = { kind: "histogram", layer: "a", of: "weights", step: 3, width: 0.5, first: -1, bins: 2, below: 0, above: 0, zeros: 0, not_finite: 0, count: 5, mean: 0, deviation: 1 };
    const payload = new Uint8Array(Uint32Array.of(2, 3).buffer);
    inside.take({ header, payload });
    inside.take({ header: { ...header, step: 9 }, payload });
    inside.take({ header: { ...header, of: "gradients" }, payload });
    expect(inside.histograms.get("weights a")).toMatchObject({ step: 9, counts: Uint32Array.of(2, 3) });
    expect(inside.histograms.size).toBe(2);
  });
});

describe("the history of units", () => {
  const past: UnitsPast = { since: Uint32Array.of(NO_STEP, 400, NO_STEP), revived: Uint32Array.of(NO_STEP, 380, 120), revivals: Uint32Array.of(0, 2, 1) };
  const row: DeadRow = { name: "Conv a", units: 3, dead: 1, zeros: 0.5, which: Uint8Array.of(0, 1, 0), past, series: null, warned: false };

  it("is read from behind the mask of the record, which older workers end with", () => {
    const inside = new Inside();
    const header = { kind: "units", layer: "a", step: 9, units: 3, window: 100 };
    const payload = new Uint8Array(4 + 36);
    payload.set([0, 1, 0]);
    payload.set(new Uint8Array(Uint32Array.of(...past.since, ...past.revived, ...past.revivals).buffer), 4);
    inside.take({ header, payload });
    expect(inside.units.get("a")).toMatchObject({ dead: Uint8Array.of(0, 1, 0), past });
    inside.take({ header, payload: payload.slice(0, 4) });
    expect(inside.units.get("a")?.past).toBeNull();
  });

  it("is told of a unit and of a layer", () => {
    expect(unitWords(1, true, past)).toBe("unit 1: dead since step 400; came back twice, last at step 380");
    expect(unitWords(2, false, past)).toBe("unit 2: alive; came back once at step 120");
    expect(unitWords(0, null, null)).toMatch(/not known/);
    expect(layerWords(row)).toBe("Conv a: 1 of 3 dead (33%), the first since step 400; 2 came back");
    expect([firstSince(past), cameBack(past), firstSince(null), cameBack(null)]).toEqual([400, 2, null, 0]);
  });

  it("is listed with the dead first, at most so many", () => {
    expect(unitRows([row], 10)).toEqual([
      ["Conv a", "1", "dead", "400", "380", "2"],
      ["Conv a", "2", "alive", "–", "120", "1"],
    ]);
    expect(unitRows([row], 1)).toHaveLength(1);
  });
});
