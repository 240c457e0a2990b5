import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Dataset, RunPoint } from "../../../editor/generated/types";
import { PlanePage } from "../../../editor/pages/PlanePage";
import { useCatalogue } from "../../../editor/store/catalogue";
import { published, run, unmeasured, ZOO } from "../panels/plane/fixtures";
import { mounted, press } from "../mounted";

const { box, render } = mounted();

let runs: RunPoint[];
let asked: string[];

const dataset = (name: string, title: string) => ({ dataset: { name, title, channels: 1, height: 28, width: 28 } as Dataset, card: null, gone: false });
const ANALYSIS = { nodes: { d: { block: "dense", parameters: 900 }, c: { block: "conv2d", parameters: 100 } }, totals: { parameters: 1000 }, stages: [], order: [], notices: [] };

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    return new Response(JSON.stringify(url.startsWith("/api/runs") ? runs : ANALYSIS));
  });
  const block = { dense: { family: "dense" }, conv2d: { family: "conv" } } as never;
  useCatalogue.setState({ status: "ready", zoo: ZOO, block, datasets: [dataset("mnist", "MNIST"), dataset("digits", "Small digits")] });
  runs = [];
});

const show = (own: string | null) => render(<PlanePage runs={own} />);
const button = (name: string) => [...box.querySelectorAll("button")].find((each) => each.getAttribute("aria-label") === name) as HTMLButtonElement;
const cells = () => [...box.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));

test("the table has every published network, with source and way of measuring, and leads to its page", async () => {
  await show(null);
  await press(button("Show the table"));
  const rows = [...box.querySelectorAll(".plane-table tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  expect(rows).toHaveLength(6);
  expect(rows).toContainEqual(["AlexNet", "2012", "8", "724,406,816", "60,965,224", "40.7%", "18.2%", "10 crops", "A paper, table 2"]);
  expect(box.querySelector(".plane-table a[href='/zoo/alexnet']")).not.toBeNull();
});

test("what is said beside the plane is worked out from the zoo and from its analyses", async () => {
  await show(null);
  expect(box.textContent).toContain("ResNet-50 (2015) errs 2.7× less often than AlexNet (2012)");
  expect(box.textContent).toContain("ResNet-101 with 101 layers in place of 16");
  expect([...box.querySelectorAll(".dense-bars .number")].map((each) => each.textContent)).toEqual(Array.from({ length: 6 }, () => "90%"));
});

test("errors that were measured alike can be compared, at the costs of what was measured", async () => {
  await show(null);
  expect(box.textContent).not.toContain("Measured alike");
  const single_crop = published({ top1_error: 43.478, top5_error: 20.934, parameters: 61_100_840, macs: 714_188_480, evaluation: "1 crop", source: "torchvision" });
  await act(async () => useCatalogue.setState({ zoo: ZOO.map((each) => (each.name === "alexnet" ? { ...each, single_crop } : each)) }));
  const alike = [...box.querySelectorAll("label")].find((label) => label.textContent === "Measured alike");
  await press(alike);
  await press(button("Show the table"));
  const rows = [...box.querySelectorAll(".plane-table tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  expect(rows).toEqual([["AlexNet", "2012", "8", "714,188,480", "61,100,840", "43.48%", "20.93%", "1 crop", "torchvision"]]);
});

test("without published errors there is a way on instead of an empty plane", async () => {
  useCatalogue.setState({ zoo: ZOO.map((card) => ({ ...card, published: null })) });
  await show(null);
  expect(box.querySelector(".plane-empty a[href='/zoo']")).not.toBeNull();
});

test("the user's runs of the newest one's data set are shown where none is asked for", async () => {
  runs = [run("a", { dataset: "digits", number: 7 }), run("b")];
  await show("");
  expect(box.querySelector("select")?.value).toBe("digits");
  expect([...(box.querySelector("select")?.options ?? [])].map((option) => option.text)).toEqual(["MNIST (1)", "Small digits (1)"]);
  await press(button("Show the table"));
  expect(cells().map((row) => row[0])).toEqual(["LeNet-5, run 7"]);
});

test("the best for their cost are listed, and why runs have no dot is said", async () => {
  runs = [run("a", { error: 2, macs: 1000 }), run("b", { number: 2, error: 1, macs: 2000 }), run("c", { number: 3, error: 3, macs: 3000 }), run("d", { ...unmeasured, state: "running" })];
  await show("mnist");
  expect([...box.querySelectorAll(".best-list li")].map((each) => each.textContent)).toEqual(["LeNet-5 run 12.00%1\u202fk", "LeNet-5 run 21.00%2\u202fk"]);
  expect(box.textContent).toContain("1 in training or waiting");
  expect(box.textContent).toContain("Without a dot: 1 is not measured yet.");
});

test("without runs there is one promise and one action, a network for that data set", async () => {
  await show("digits");
  const links = [...box.querySelectorAll(".plane-empty a")].map((link) => [link.textContent, link.getAttribute("href")]);
  expect(links).toEqual([["Start from LeNet-5", "/new?zoo=lenet-5&dataset=digits"]]);
});

test("a run that is not measured yet is what one is sent to", async () => {
  runs = [run("a", { ...unmeasured, state: "queued" })];
  await show("mnist");
  expect(box.querySelector(".plane-empty a")?.getAttribute("href")).toBe("/e/e1/runs/a");
});

test("coming back to the page looks at the runs again", async () => {
  runs = [run("a")];
  await show("mnist");
  await press(button("Show the table"));
  runs = [run("b", { number: 2 }), run("a")];
  await act(async () => window.dispatchEvent(new Event("focus")));
  expect(cells().map((row) => row[0])).toEqual(["LeNet-5, run 2", "LeNet-5, run 1"]);
});

test("where the site does not answer, it says so and keeps what it has", async () => {
  runs = [run("a")];
  await show("mnist");
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ error: { code: "x", message: "The database is away.", path: "" } }), { status: 500 }));
  await act(async () => window.dispatchEvent(new Event("focus")));
  expect(box.querySelector("[role=alert]")?.textContent).toContain("The database is away.");
  expect(box.querySelectorAll(".best-list li")).toHaveLength(1);
});
