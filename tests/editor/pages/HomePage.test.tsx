import { beforeEach, expect, test, vi } from "vitest";
import type { ExperimentCard, RunCard } from "../../../editor/generated/types";
import { HomePage } from "../../../editor/pages/HomePage";
import { useCatalogue } from "../../../editor/store/catalogue";
import { writeDraft } from "../../../editor/store/persist";
import { enter, mounted, press } from "../mounted";

const { box, render } = mounted();

let answers: (path: string, method: string) => Response | Promise<Response>;

function card(id: string, name: string, latest: Partial<RunCard> | null = null): ExperimentCard {
  const run: RunCard = { id: `${id}r`, number: 1, experiment: id, name, state: "finished", created: "2026-01-01T00:00:00Z", step: 10, total_steps: 10, best_validation_accuracy: null, test_accuracy: null, reason: null, words: "", version: 1, batch: null, spark: [2, 1], ...latest };
  return { id, name, updated: "2026-01-01T00:00:00Z", network: { nodes: [] }, dataset: "mnist", runs: latest ? 1 : 0, latest: latest ? run : null, forks: 0 };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

beforeEach(() => {
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => answers(path, init.method ?? "GET"));
  localStorage.clear();
  useCatalogue.setState({ status: "ready", zoo: [] });
});

const show = () => render(<HomePage />);
const names = () => [...box.querySelectorAll("h3")].map((heading) => heading.textContent);

test("each experiment says how its latest run stands", async () => {
  answers = () => json([card("a", "Runs", { state: "running", step: 4 }), card("b", "Done", { test_accuracy: 0.987 }), card("c", "New")]);
  await show();
  expect(names()).toHaveLength(3);
  expect(box.textContent).toContain("training, 40%");
  expect(box.textContent).toContain("mnist, 98.7% right");
  expect(box.querySelector("a[href='/e/a']")).not.toBeNull();
});

test("the search keeps those that match, by name or state", async () => {
  answers = () => json([card("a", "LeNet", { state: "queued" }), card("b", "Inception")]);
  await show();
  const input = box.querySelector("input[type=search]");
  await enter(input, "queued");
  expect(names()).toEqual(["LeNet"]);
  await enter(input, "resnet");
  expect(box.textContent).toContain("No experiment is called “resnet”.");
});

test("without experiments there is one promise and the way to begin", async () => {
  answers = () => json([]);
  await show();
  expect(box.textContent).toContain("Draw your first network");
  expect(box.querySelector("a[href='/new']")).not.toBeNull();
  expect(box.querySelector("input[type=search]")).toBeNull();
});

test("a draft of this browser stands among the experiments", async () => {
  writeDraft({ slot: "abc", version: null, name: "Half done", notes: "", recipe: {}, network: { nodes: [] }, changed: 5 });
  answers = () => json([]);
  await show();
  expect(names()).toEqual(["Half done"]);
  expect(box.querySelector("a[href='/new?draft=abc']")).not.toBeNull();
});

test("where the list cannot be loaded, it says so and tries again when asked", async () => {
  answers = () => json({ error: { code: "x", message: "The database is away.", path: "" } }, 500);
  await show();
  expect(box.querySelector("[role=alert]")?.textContent).toContain("Your experiments could not be loaded. The database is away.");
  answers = () => json([card("a", "Back")]);
  await press(box.querySelector("[role=alert] button"));
  expect(box.querySelector("[role=alert]")).toBeNull();
  expect(names()).toEqual(["Back"]);
});
