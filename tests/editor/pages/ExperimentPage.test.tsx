import { beforeEach, expect, test, vi } from "vitest";
import type { AboutView, RunCard, VersionCard } from "../../../editor/generated/types";
import { ExperimentPage } from "../../../editor/pages/ExperimentPage";
import { useCatalogue } from "../../../editor/store/catalogue";
import { mounted } from "../mounted";

const { box, render } = mounted();

let answers: (path: string, method: string) => Response | Promise<Response>;

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
const when = "2026-01-01T00:00:00Z";
const run: RunCard = { id: "r", number: 1, experiment: "e", name: "LeNet", state: "finished", created: when, step: 10, total_steps: 10, best_validation_accuracy: null, test_accuracy: 0.987, reason: null, words: "", version: 1, batch: null, spark: [2, 1] };

function about(given: Partial<AboutView> = {}): AboutView {
  return {
    experiment: { id: "e", name: "LeNet", notes: "", version: 3, created: when, updated: when, network: { nodes: [] }, recipe: {}, mine: true, runs: [run] },
    notes_html: "",
    recipe_words: ["3 epochs of MNIST."],
    cost: { parameters: 650, macs: 640, depth: 1 },
    problem: "",
    parent: null,
    parent_version: null,
    forks: [],
    batches: [],
    versions: 2,
    ...given,
  };
}

const version = (number: number, given: Partial<VersionCard> = {}): VersionCard => ({ number, created: when, saved: when, note: "", what: "First save", parameters: 650, macs: 640, runs: [], forks: 0, current: false, ...given });

beforeEach(() => {
  vi.stubGlobal("IntersectionObserver", class { observe() {} disconnect() {} });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => answers(path, init.method ?? "GET"));
  useCatalogue.setState({ status: "ready", datasets: [], block: {} });
});

const show = () => render(<ExperimentPage id="e" />);

test("it says what the experiment is, how its runs came out and what it was", async () => {
  answers = (path) => json(path.endsWith("/versions") ? [version(2, { current: true, what: "Dropout added", runs: [1] }), version(1)] : about({ notes_html: "<p><em>Why</em></p>\n" }));
  await show();
  expect(box.querySelector("h1")?.textContent).toBe("LeNet");
  for (const text of ["3 epochs of MNIST.", "98.7% right", "Dropout added", "650 parameters, run 1", "Nothing was trained side by side yet."]) expect(box.textContent).toContain(text);
  expect(box.querySelector(".about-notes em")?.textContent).toBe("Why");
  expect(document.title).toMatch(/^About LeNet/);
});

test("a network that cannot train says why, and offers neither twins nor sweeps", async () => {
  answers = (path) => json(path.endsWith("/versions") ? [version(1, { current: true })] : about({ cost: null, problem: "There is no output." }));
  await show();
  expect(box.textContent).toContain("It cannot train yet: There is no output.");
  const blocked = [...box.querySelectorAll("header [aria-disabled=true]")].map((button) => button.textContent);
  expect(blocked).toEqual(["Sweep", "Make a twin"]);
});

test("where it came from and what came from it can be followed and compared", async () => {
  const fork = { id: "f", name: "LeNet, Tanh", created: when, version: 2, latest: null };
  answers = (path) => json(path.endsWith("/versions") ? [version(1, { current: true })] : about({ parent: { id: "p", name: "First" }, parent_version: 4, forks: [fork] }));
  await show();
  expect(box.querySelector("a[href='/e/p/about']")?.textContent).toBe("First");
  expect(box.textContent).toContain("Made from version 4 of");
  expect(box.querySelector("a[href='/e/f/about']")?.textContent).toBe("LeNet, Tanh");
  expect(box.querySelector("[aria-label='Difference of LeNet, Tanh']")).not.toBeNull();
});

test("an experiment that is not there, or a site that fails, is told in words", async () => {
  answers = () => json({ error: { code: "not_found", message: "There is no such experiment among yours.", path: "" } }, 404);
  await show();
  expect(box.textContent).toContain("No such experiment");
  await render(null);
  answers = () => json({ error: { code: "internal", message: "The site failed on this request.", path: "" } }, 500);
  await show();
  expect(box.textContent).toContain("The site failed on this request.");
});
