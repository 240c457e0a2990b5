import { describe, expect, it } from "vitest";
import type { RunView } from "../../../editor/generated/types";
import { spaceDoes, stepIn, withStep } from "../../../editor/store/time";

const run = (state: string, mine = true) => ({ state, mine }) as RunView;

describe("the address", () => {
  it("carries the step, and keeps what else stands in it", () => {
    expect(stepIn("?step=1200")).toBe(1200);
    expect(["", "?step=", "?step=-3", "?step=1e9", "?step=99999999999"].map(stepIn)).toEqual([null, null, null, null, null]);
    expect(withStep("/e/a/runs/b", "?x=1&step=3", 1200)).toBe("/e/a/runs/b?x=1&step=1200");
    expect(withStep("/e/a/runs/b", "?step=3", null)).toBe("/e/a/runs/b");
  });
});

describe("the space bar", () => {
  it("pauses training while the page follows it, and plays what is past else", () => {
    const does = (state: string, frozen: boolean, mine = true, playing = false) => spaceDoes({ run: run(state, mine), frozen, playing });
    expect(does("running", false)).toBe("train");
    expect(does("paused", false)).toBe("train");
    expect(does("running", true)).toBe("play");
    expect(does("finished", false)).toBe("play");
    expect(does("running", false, false)).toBe(null);
    expect(does("running", true, false)).toBe("play");
    expect(does("queued", false)).toBe(null);
  });
});
