/** The document as a file: out, and in again. */
import type { Network } from "../generated/types";
import { api, LARGEST_DOCUMENT } from "../net/api";
import { ApiError, words } from "../net/errors";
import { useStore } from "../store";
import { openingOver, useExperiment } from "../store/experiment";
import { readDocument } from "../store/graph";
import { toast, useUi } from "../store/ui";
import { saveBlob, saveText } from "./handing";

/** Files of other formats, which the site reads. */
const MODEL = /\.onnx$/i;

/** The document without what a reader fills in by himself. */
export function documentText(network: Network, name: string): string {
  const nodes = network.nodes.map(({ id, block, label, stage, params, position }) => ({
    id,
    block,
    ...(label === null ? {} : { label }),
    ...(stage === null ? {} : { stage }),
    params,
    ...(position === null ? {} : { position }),
  }));
  return `${JSON.stringify({ format: network.format, name, nodes, edges: network.edges }, null, 2)}\n`;
}

export function exportNetwork() {
  const name = useExperiment.getState().name;
  saveText(documentText(useStore.getState().network, name), `${fileName(name)}.json`, "application/json");
}

export async function exportCode() {
  try {
    const { code } = await api.code(useStore.getState().network);
    saveText(code, `${fileName(useExperiment.getState().name)}.py`, "text/x-python");
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}

export async function exportOnnx() {
  try {
    saveBlob(await api.onnx(useStore.getState().network), `${fileName(useExperiment.getState().name)}.onnx`);
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}

export const fileName = (name: string): string => name.trim().toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "") || "network";

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Read a file into the page as one step of undo. The site judges it first; refused, the network stays as it is. */
export async function importFile(file: File): Promise<boolean> {
  const refuse = (message: string) => {
    toast(`${file.name}: ${message}`, { tone: "bad", stays: true });
    return false;
  };
  if (MODEL.test(file.name)) return importModel(file, refuse);
  if (file.size > LARGEST_DOCUMENT) return refuse("It is larger than any network document.");
  let data: unknown;
  try {
    data = JSON.parse(await file.text());
  } catch {
    return refuse("This is not JSON. Export a network to see what one looks like.");
  }
  if (isObject(data) && isObject(data.network)) data = data.network; // the experiment of a run
  if (!isObject(data) || !("nodes" in data)) return refuse("It holds no network: there is no list of nodes in it.");
  try {
    await api.analyse(data);
  } catch (error) {
    const path = error instanceof ApiError && error.path && !words(error).includes(error.path) ? `${error.path}: ` : "";
    return refuse(`${path}${words(error)}`);
  }
  const network = readDocument(data);
  await openingOver();
  useStore.getState().edit(`Open ${file.name}`, () => ({ network, select: [] }));
  return true;
}

/** A network from a file of another format; what could not be brought along is said afterwards. */
async function importModel(file: File, refuse: (message: string) => boolean): Promise<boolean> {
  try {
    const { network, remarks } = await api.importModel(file);
    const made = readDocument(network);
    await openingOver();
    useStore.getState().edit(`Open ${file.name}`, () => ({ network: made, select: [] }));
    if (remarks.length > 0) useUi.setState({ remarks: { file: file.name, lines: remarks } });
    return true;
  } catch (error) {
    return refuse(words(error));
  }
}

export function chooseFile() {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json,.onnx";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void importFile(file);
  });
  input.click();
}
