import { beforeEach, expect, test, vi } from "vitest";
import type { Dataset } from "../../../editor/generated/types";
import { ExhibitPage } from "../../../editor/pages/ExhibitPage";
import { useCatalogue } from "../../../editor/store/catalogue";
import { card, published, ZOO } from "../panels/plane/fixtures";
import { enter, mounted } from "../mounted";

const { box, render } = mounted();

let scaled: (url: string) => Response;

const dataset = (name: string, title: string) => ({ dataset: { name, title, channels: 1, height: 28, width: 28 } as Dataset, card: null, gone: false });
const stage = (name: string, parameters: number, macs: number) => ({ name, nodes: [], shape: [64, 56, 56], parameters, macs, activation_bytes: 0, weight_bytes: 0, depth: 1 });
const ANALYSIS = { nodes: {}, order: [], stages: [stage("Stem", 1000, 4000), stage("Head", 3000, 1000)], notices: [], totals: { parameters: 4000, macs: 5000, depth: 2 } };

beforeEach(() => {
  scaled = (url) => {
    const changed = url.includes("digits") ? "AlexNet, scaled: a quarter of the filters." : "";
    return new Response(JSON.stringify({ ...card("alexnet"), parameters: 1234, macs: 5678, recipe: {}, changed }));
  };
  vi.stubGlobal("fetch", async (url: string) => (url.startsWith("/api/zoo/") ? scaled(url) : new Response(JSON.stringify(ANALYSIS))));
  useCatalogue.setState({ status: "ready", zoo: ZOO, datasets: [dataset("shapes", "Shapes"), dataset("digits", "Small digits")] });
});

const show = (name: string) => render(<ExhibitPage name={name} />);
const rows = (table: string) => [...box.querySelectorAll(`${table} tr`)].map((row) => [...row.children].map((cell) => cell.textContent));
const link = (words: string) => [...box.querySelectorAll("a")].find((each) => each.textContent === words)?.getAttribute("href");

test("stated and counted numbers stand side by side, with the reason for a difference and how errors were measured", async () => {
  const zoo = ZOO.map((each) => (each.name === "alexnet" ? { ...each, remark: "Others count conv4 without its groups.", published: published({ macs: 832_000_000, parameters: 60_965_224, top5_error: 18.2 }) } : each));
  useCatalogue.setState({ zoo });
  await show("alexnet");
  expect(rows(".stated-table")).toEqual([
    ["Of one network", "Stated", "Counted here", "Difference"],
    ["Parameters", "60,965,224", "60,965,224", "same"],
    ["Multiply-adds, one image", "832,000,000", "724,406,816", "−13%"],
    ["Top-1 error on ImageNet, 10 crops", "–", "–", "–"],
    ["Top-5 error on ImageNet, 10 crops", "18.2%", "–", "–"],
  ]);
  expect(box.textContent).toContain("Others count conv4 without its groups.");
  expect(box.textContent).toContain("Stated by: A paper, table 2.");
});

test("errors that were measured alike for all networks stand under those of its paper", async () => {
  const single_crop = published({ top1_error: 43.478, top5_error: 20.934, evaluation: "1 crop", source: "torchvision" });
  useCatalogue.setState({ zoo: ZOO.map((each) => (each.name === "alexnet" ? { ...each, single_crop } : each)) });
  await show("alexnet");
  expect(rows(".stated-table").slice(-2)).toEqual([
    ["Top-1 error on ImageNet, 1 crop", "43.48%", "–", "–"],
    ["Top-5 error on ImageNet, 1 crop", "20.93%", "–", "–"],
  ]);
  expect(box.textContent).toContain("Measured alike for all networks: torchvision.");
});

test("each stage has its output and its costs, and their sum", async () => {
  await show("alexnet");
  expect(rows(".stage-table")).toEqual([
    ["Stage", "Output", "Layers", "Parameters", "Multiply-adds"],
    ["Stem", "56×56×64", "1", "1,000", "4,000"],
    ["Head", "56×56×64", "1", "3,000", "1,000"],
    ["In all", "2", "4,000", "5,000"],
  ]);
});

test("what would be changed for a data set is shown before it is opened", async () => {
  await show("alexnet");
  expect(box.querySelector(".scaled")?.textContent).toContain("alexnet fits these images as it is".replace("alexnet", "AlexNet"));
  await enter(box.querySelector(".scaled select"), "digits");
  expect(box.querySelector(".scaled")?.textContent).toContain("AlexNet, scaled: a quarter of the filters.");
  expect(box.querySelector(".scaled")?.textContent).toContain("1,234 parameters, 5,678 multiply-adds");
  expect(link("Open for Small digits")).toBe("/new?zoo=alexnet&dataset=digits");
  expect(link("Open as published")).toBe("/new?zoo=alexnet");
});

test("a network that cannot be scaled says why", async () => {
  scaled = () => new Response(JSON.stringify({ error: { code: "x", message: "It does not fit.", path: "" } }), { status: 422 });
  await show("alexnet");
  expect(box.querySelector(".scaled [role=alert]")?.textContent).toBe("It does not fit.");
});

test("twins are a press apart", async () => {
  await show("resnet-18");
  expect(link("Without shortcuts: Plain 18")).toBe("/zoo/plain-18");
  await show("plain-18");
  expect(link("With shortcuts: ResNet-18")).toBe("/zoo/resnet-18");
});

test("a name that the zoo does not know leads on", async () => {
  await show("zebranet");
  expect(box.textContent).toContain("No such network");
});
