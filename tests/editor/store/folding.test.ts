import { afterEach, beforeEach, expect, test } from "vitest";
import { useStore } from "../../../editor/store";
import { useExperiment } from "../../../editor/store/experiment";
import { watchFolding } from "../../../editor/store/folding";
import { FOLDING_KEY, readFolding } from "../../../editor/store/foldings";

const FOLDED = { stages: true, runs: true, turned: ["stage:Stem"] };
let stop = () => {};

beforeEach(() => {
  localStorage.clear();
  useStore.getState().load({ nodes: [] });
  useExperiment.setState({ slot: null, status: "ready" });
  stop = watchFolding();
});
afterEach(() => stop());

test("is remembered for the draft that is open, and told when it is opened again", () => {
  useExperiment.setState({ slot: "one" });
  useStore.getState().setFolding(FOLDED);
  expect(readFolding("one")).toEqual(FOLDED);
  expect(readFolding("other")).toBeNull();
});

test("goes along when a new network gets its place in the browser", () => {
  useStore.getState().setFolding(FOLDED);
  expect(localStorage.getItem(FOLDING_KEY)).toBeNull();
  useExperiment.setState({ slot: "fresh" });
  expect(readFolding("fresh")).toEqual(FOLDED);
});

test("starts anew with each document, and is no step of undo", () => {
  useStore.getState().setFolding(FOLDED);
  expect(useStore.getState().past).toEqual([]);
  useStore.getState().load({ nodes: [] });
  expect(useStore.getState().folding).toBeNull();
});

test("what cannot be read counts as never folded", () => {
  localStorage.setItem(FOLDING_KEY, '{"one": {"stages": 3}, "two": null}');
  expect(readFolding("one")).toBeNull();
  localStorage.setItem(FOLDING_KEY, "no JSON");
  expect(readFolding("one")).toBeNull();
});
