import { describe, expect, it } from "vitest";
import { axisKey } from "../../../editor/charts/use_time_axis";
import { TimeView } from "../../../editor/live/view";
import { joined } from "./long_run";

const view = () => new TimeView(joined(9_999));
const press = (on: TimeView, key: string, shiftKey = false) => axisKey(on, { key, shiftKey });

describe("the shared axis", () => {
  it("zooms around the hairline, and around the middle without one", () => {
    const shown = view();
    shown.set({ hover: 1_000 });
    shown.zoomBy(0.5);
    expect(shown.range).toEqual([500, 5_500]);
    shown.set({ hover: null, zoom: [4_000, 5_000] });
    shown.zoomBy(0.5);
    expect(shown.range).toEqual([4_250, 4_750]);
  });

  it("stays within the run, and shows all of it when that is all", () => {
    const shown = view();
    shown.zoomTo(-500, 500);
    expect(shown.range).toEqual([0, 1_000]);
    shown.zoomTo(9_500, 10_500);
    expect(shown.range).toEqual([9_000, 10_000]);
    for (let times = 0; times < 20; times += 1) shown.zoomBy(2);
    expect(shown.zoom).toBeNull();
    for (let times = 0; times < 30; times += 1) shown.zoomBy(0.5);
    expect(shown.range[1] - shown.range[0]).toBe(4);
  });

  it("obeys plus, minus, arrows, Home, End and 0", () => {
    const shown = view();
    expect(press(shown, "ArrowLeft")).toBe(false); // belongs to the time line while all is shown
    expect(press(shown, "Home")).toBe(false);
    expect(press(shown, "+")).toBe(true);
    expect(shown.range).toEqual([2_500, 7_500]);
    press(shown, "ArrowRight");
    expect(shown.range).toEqual([3_500, 8_500]);
    press(shown, "ArrowLeft", true);
    expect(shown.range).toEqual([0, 5_000]);
    press(shown, "End");
    expect(shown.range).toEqual([5_000, 10_000]);
    press(shown, "Home");
    expect(shown.range).toEqual([0, 5_000]);
    press(shown, "-");
    expect(shown.zoom).toBeNull();
    press(shown, "=");
    press(shown, "0");
    expect(shown.zoom).toBeNull();
    expect(press(shown, "x")).toBe(false);
  });

  it("says values where the lines leave a zoomed chart, and the newest where all is shown", () => {
    const shown = view();
    expect(shown.edge).toBe(Number.POSITIVE_INFINITY);
    shown.zoomTo(1_000, 2_000);
    expect(shown.edge).toBe(2_000);
    shown.set({ frozen: 1_500 });
    expect(shown.edge).toBe(1_500);
  });
});
