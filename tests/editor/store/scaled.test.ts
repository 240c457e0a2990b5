import { beforeEach, expect, test, vi } from "vitest";
import type { Dataset } from "../../../editor/generated/types";
import { useCatalogue } from "../../../editor/store/catalogue";
import { openDraft, openRoute, useExperiment } from "../../../editor/store/experiment";
import { draftName, imageOf, offerScaled } from "../../../editor/store/scaled";
import { useUi } from "../../../editor/store/ui";

const dataset = (name: string, title: string, side: number) => ({ dataset: { name, title, channels: 1, height: side, width: side } as Dataset, card: null, gone: false });
const network = (side: number) => ({ nodes: [{ id: "input", block: "input", params: { channels: 1, height: side, width: side } }], edges: [] });

beforeEach(() => {
  useCatalogue.setState({ status: "ready", datasets: [dataset("mnist", "MNIST", 28), dataset("digits", "Small digits", 8)] });
  useUi.setState({ toasts: [] });
  window.history.replaceState(null, "", "/new?zoo=alexnet");
});

const messages = () => useUi.getState().toasts.map(({ message }) => message);

/** The site, which answers every question for a network of the zoo. */
function zooAnswers(changed: string, side: number): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return new Response(JSON.stringify({ name: "alexnet", title: "AlexNet", dataset: "mnist", network: network(side), recipe: { dataset: "mnist" }, changed }));
  });
  return asked;
}

test("a network that does not fit its data set is offered scaled, as one press", () => {
  const back = offerScaled({ name: "alexnet", title: "AlexNet", dataset: "mnist", network: network(227) });
  expect(messages()).toEqual(["AlexNet as published takes images of 227×227×1; those of MNIST are 28×28×1."]);
  const action = useUi.getState().toasts[0]?.action;
  expect(action?.label).toBe("Open it scaled for MNIST");
  action?.onPress();
  expect(window.location.search).toBe("?zoo=alexnet&dataset=mnist");
  back();
  expect(messages()).toEqual([]);
});

test("one that fits, or whose size is not known, is not", () => {
  offerScaled({ name: "a", title: "A", dataset: "mnist", network: network(28) });
  offerScaled({ name: "a", title: "A", dataset: "mnist", network: { nodes: [] } });
  offerScaled({ name: "a", title: "A", dataset: "unknown", network: network(28) });
  expect(messages()).toEqual([]);
  expect(imageOf({ nodes: "none" })).toBeNull();
});

test("a scaled network is named for its data set, an unchanged one keeps its name", () => {
  expect(draftName({ title: "AlexNet", dataset: "digits", changed: "half of it" })).toBe("AlexNet for Small digits");
  expect(draftName({ title: "LeNet-5", dataset: "mnist", changed: "" })).toBe("LeNet-5");
});

test("opened scaled, what was changed is the experiment's note, and nothing is offered", async () => {
  const asked = zooAnswers("AlexNet, scaled: half the filters.", 28);
  await openDraft("alexnet", null, "mnist");
  expect(asked).toEqual(["/api/zoo/alexnet?dataset=mnist"]);
  expect(useExperiment.getState()).toMatchObject({ name: "AlexNet for MNIST", notes: "AlexNet, scaled: half the filters.", status: "ready" });
  expect(messages()).toEqual([]);
});

test("opened as published it has no note, and the offer goes when the page does", async () => {
  zooAnswers("", 227);
  await openDraft("alexnet", null);
  expect(useExperiment.getState()).toMatchObject({ name: "AlexNet", notes: "" });
  expect(messages()).toHaveLength(1);
  openRoute({ page: "home" });
  expect(messages()).toEqual([]);
});
