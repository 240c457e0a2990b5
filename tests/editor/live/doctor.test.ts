import { describe, expect, it } from "vitest";
import type { Column, LayerInfo, Network } from "../../../editor/generated/types";
import { findings } from "../../../editor/live/doctor";
import { runLayers } from "../../../editor/live/layers";
import { LiveRun } from "../../../editor/live/live_run";

const layer = (id: string, block: string, units: number): LayerInfo => ({
  id, node: id, block, label: block === "relu" ? "ReLU" : `Conv ${id}`, shape: [4, 8, 8], units, steepest: null, slope_bound: null, parameters: block === "relu" ? 0 : 10,
});
const network: Network = {
  format: 1,
  name: "",
  nodes: [],
  edges: [{ source: "c1", target: "r1" }, { source: "r1", target: "c2" }],
};

/** A run of a hundred steps whose figures are functions of the step. */
function trained(figures: { loss?: (step: number) => number; first?: (step: number) => number; last?: (step: number) => number; dead?: (step: number) => number }) {
  const columns: [Column, (step: number) => number][] = [
    [{ quantity: "loss", layer: null }, figures.loss ?? (() => 1)],
    [{ quantity: "gradient_rms", layer: "c1" }, figures.first ?? (() => 0.01)],
    [{ quantity: "gradient_rms", layer: "c2" }, figures.last ?? (() => 0.01)],
    [{ quantity: "dead", layer: "r1" }, figures.dead ?? (() => 0)],
  ];
  const live = new LiveRun();
  const started = {
    kind: "started", attempt: 1, first_step: 0, steps_per_epoch: 50, total_steps: 100, epochs: 2, batch_size: 1, device: "cpu", threads: 1, torch: "", dead_window: 40, probes: [],
    streams: [{ name: "steps", columns: columns.map(([column]) => column) }],
    layers: [layer("c1", "conv2d", 0), layer("r1", "relu", 8), layer("c2", "conv2d", 0)],
  };
  live.take({ header: started, payload: new Uint8Array() });
  const steps = Array.from({ length: 100 }, (_, step) => step);
  live.table("steps")?.append(steps, columns.map(([, figure]) => steps.map(figure)));
  return { live, layers: runLayers(live.started, network) };
}

const titles = (run: ReturnType<typeof trained>, until?: number) => findings(run.live, run.layers, until).map((finding) => finding.title);

describe("findings", () => {
  it("are none for a healthy run", () => {
    expect(titles(trained({}))).toEqual([]);
  });

  it("name the first layer where the gradient has vanished for 50 steps", () => {
    const run = trained({ first: (step) => (step < 30 ? 0.01 : 5e-6) });
    expect(titles(run)).toEqual(["The gradient vanishes before it reaches Conv c1"]);
    expect(findings(run.live, run.layers)[0]).toMatchObject({ since: 30, layer: "c1" });
    expect(titles(run, 60)).toEqual([]);
  });

  it("do not call a short dip vanishing", () => {
    expect(titles(trained({ first: (step) => (step < 60 ? 0.01 : 5e-6) }))).toEqual([]);
  });

  it("say what explodes and offer a smaller rate", () => {
    const run = trained({ loss: (step) => (step < 80 ? 0.5 : 0.5 * 10 ** ((step - 80) / 4)) });
    expect(findings(run.live, run.layers)[0]).toMatchObject({ title: "The loss explodes", slower: true });
  });

  it("name a layer with many dead units after the layer that feeds them", () => {
    const run = trained({ dead: (step) => (step < 50 ? 1 : 3) });
    const [finding] = findings(run.live, run.layers);
    expect(finding).toMatchObject({ title: "Conv c1 is dying: 38% of units never fire", since: 50, layer: "r1" });
    expect(finding?.text).toContain("3 of its 8 units gave zero for every image of the last 40 steps");
  });

  it("begin with the failure, its hint and its layer", () => {
    const run = trained({});
    run.live.take({
      header: { kind: "failed", step: 99, code: "not_a_number", message: "The loss is not a number.", hint: "Try a smaller rate.", layer: "c2" },
      payload: new Uint8Array(),
    });
    expect(findings(run.live, run.layers)[0]).toMatchObject({
      tone: "bad",
      title: "The run ended at step 99",
      text: "The loss is not a number. It was seen first in Conv c2. Try a smaller rate.",
    });
  });
});
