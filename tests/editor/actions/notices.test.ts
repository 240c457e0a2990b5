import { beforeEach, expect, test } from "vitest";
import { noNotices, openNotice, stepNotice, useOpenNotice } from "../../../editor/actions/notices";
import type { Notice } from "../../../editor/generated/types";
import { useStore } from "../../../editor/store";
import { analysed } from "../panels/networks";

const notice = (id: string, node: string | null, level: Notice["level"] = "warning"): Notice => ({ id, node, level, message: "", hint: "", fix: null });

beforeEach(() => {
  const { network, analysis } = analysed([{ id: "a", shape: [1, 2, 2] }, { id: "b", shape: [1, 2, 2] }], ["a>b"]);
  useStore.getState().load(network);
  useStore.setState({ analysis: { ...analysis, notices: [notice("x.W001", "b"), notice("y.E001", "a", "error"), notice("z.A001", null, "advice")] } });
  useOpenNotice.setState({ open: null, byKeys: false });
});

const open = () => useOpenNotice.getState().open;

test("steps go from one notice to the next, errors first, and round", () => {
  const seen = [1, 2, 3, 4].map(() => {
    stepNotice(1);
    return open();
  });
  expect(seen).toEqual(["y.E001 a", "x.W001 b", "z.A001 ", "y.E001 a"]);
  stepNotice(-1);
  expect(open()).toBe("z.A001 ");
});

test("a step chooses the block it speaks of, a press on its disc leaves the choice", () => {
  stepNotice(1);
  expect(useStore.getState().selection).toEqual(["a"]);
  openNotice("x.W001 b");
  expect(useStore.getState().selection).toEqual(["a"]);
});

test("without notices there is nowhere to go, and a reason", () => {
  expect(noNotices()).toBeNull();
  useStore.setState({ analysis: null });
  stepNotice(1);
  expect(open()).toBeNull();
  expect(noNotices()).toBe("There is no notice");
});
