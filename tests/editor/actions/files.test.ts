import { beforeEach, expect, test, vi } from "vitest";
import { documentText, importFile } from "../../../editor/actions/files";
import { useStore } from "../../../editor/store";
import { useExperiment } from "../../../editor/store/experiment";
import { useUi } from "../../../editor/store/ui";

const answer = (status: number, body: unknown) => {
  const sent: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return new Response(JSON.stringify(body), { status });
  });
  return sent;
};
const onnx = new File([new Uint8Array([8, 9])], "tiny.ONNX");
const network = { format: 1, name: "Tiny", nodes: [{ id: "i", block: "input" }], edges: [] };

beforeEach(() => {
  useStore.getState().load({ nodes: [], edges: [] });
  useUi.setState({ remarks: null, toasts: [] });
});

test("a model of another format is read by the site and opened as one step of undo", async () => {
  const sent = answer(200, { network, remarks: [] });
  expect(await importFile(onnx)).toBe(true);
  expect(sent.map(({ url }) => url)).toEqual(["/api/import?name=tiny.ONNX"]);
  expect(sent[0]?.init.body).toBe(onnx);
  expect(useStore.getState().network.nodes.map(({ id }) => id)).toEqual(["i"]);
  expect(useStore.getState().past.map(({ label }) => label)).toEqual(["Open tiny.ONNX"]);
  expect(useUi.getState().remarks).toBeNull();
});

test("a file that is opened before the empty network is there takes its place, not the other way round", async () => {
  answer(200, { network, remarks: [] });
  useExperiment.setState({ status: "loading" });
  const opening = importFile(onnx);
  await new Promise((resolve) => setTimeout(resolve));
  expect(useStore.getState().network.nodes).toEqual([]);
  useStore.getState().load({ nodes: [], edges: [], name: "Untitled network" });
  useExperiment.setState({ status: "ready" });
  await opening;
  expect(useStore.getState().network.nodes.map(({ id }) => id)).toEqual(["i"]);
});

test("what it could not bring along is said", async () => {
  answer(200, { network, remarks: ["The weights were left out."] });
  await importFile(onnx);
  expect(useUi.getState().remarks).toEqual({ file: "tiny.ONNX", lines: ["The weights were left out."] });
});

test("a model that cannot be read is refused in the site's words, and the network stays", async () => {
  answer(422, { error: { code: "operator", message: "The operator LSTM has no block here.", path: "" } });
  expect(await importFile(onnx)).toBe(false);
  expect(useUi.getState().toasts.at(-1)).toMatchObject({ message: "tiny.ONNX: The operator LSTM has no block here.", stays: true });
  expect(useStore.getState().past).toEqual([]);
});

test("a document keeps the stage of each block, and leaves out what is not set", () => {
  const plain = { label: null, params: {}, position: null };
  const nodes = [{ id: "a", block: "conv2d", stage: "Stem", ...plain }, { id: "b", block: "conv2d", stage: null, ...plain }];
  const text = documentText({ format: 1, name: "", nodes, edges: [] }, "Mine");
  expect(JSON.parse(text).nodes).toEqual([{ id: "a", block: "conv2d", stage: "Stem", params: {} }, { id: "b", block: "conv2d", params: {} }]);
});

test("of the experiment of a run its network is opened", async () => {
  const sent = answer(200, {});
  const file = new File([JSON.stringify({ format: 1, network, recipe: { epochs: 3 } })], "tiny-experiment.json");
  expect(await importFile(file)).toBe(true);
  expect(JSON.parse(String(sent[0]?.init.body))).toEqual(network);
  expect(useStore.getState().network.nodes.map(({ id }) => id)).toEqual(["i"]);
});
