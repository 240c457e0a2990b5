import { expect, test } from "vitest";
import { useStore } from "../../../editor/store";
import { showPreview, usePreview, watchPreview } from "../../../editor/store/preview";
import { analysed } from "../panels/networks";

const { network, analysis } = analysed([{ id: "a", shape: [1, 2, 2] }], []);
const other = { ...network, nodes: [] };

test("a preview leaves the document and its history as they are", () => {
  useStore.getState().load(network);
  const before = useStore.getState();
  showPreview({ key: "k", label: "Change it", network: other, analysis });
  expect(usePreview.getState().preview?.network).toBe(other);
  expect(useStore.getState()).toBe(before);
  expect(before.past).toEqual([]);
});

test("any change of the document ends it, and so does leaving the view", () => {
  const stop = watchPreview();
  showPreview({ key: "k", label: "Change it", network: other, analysis });
  useStore.getState().edit("rename", (now) => ({ network: { ...now, name: "Other" } }));
  expect(usePreview.getState().preview).toBeNull();
  showPreview({ key: "k", label: "Change it", network: other, analysis });
  stop();
  expect(usePreview.getState().preview).toBeNull();
});
