import { beforeEach, expect, test, vi } from "vitest";
import type { GuidelineView } from "../../../editor/generated/types";
import { WhyPage } from "../../../editor/pages/WhyPage";
import { navigate } from "../../../editor/routes";
import { useExperiment } from "../../../editor/store/experiment";
import { useGuidelines } from "../../../editor/store/guidelines";
import { mounted, press } from "../mounted";

const { box, render } = mounted();

const guidelines: GuidelineView[] = [
  { id: "filters.W001", title: "Prefer chains of small filters", why: ["Two 3×3 see as much as one 5×5.", "They cost less."], rule: "A filter of 5×5 or more.", source: "Simonyan and Zisserman, 2015", lecture: ["L34"] },
  { id: "bottleneck.W001", title: "Avoid tight bottlenecks", why: ["Volume should fall slowly."], rule: "", source: "", lecture: [] },
];

let answers: () => Response;

beforeEach(() => {
  vi.stubGlobal("fetch", async () => answers());
  answers = () => new Response(JSON.stringify(guidelines));
  useGuidelines.setState({ list: null, problem: null });
  window.history.replaceState(null, "", "/");
});

const show = (id: string | null) => render(<WhyPage id={id} />);
const main = () => box.querySelector("main")?.textContent ?? "";

test("a guideline is read with its rule and source, beside the list of all", async () => {
  await show("filters.W001");
  expect(box.querySelector("h1")?.textContent).toBe("Prefer chains of small filters");
  for (const words of ["Two 3×3 see as much", "They cost less.", "A filter of 5×5 or more.", "Simonyan and Zisserman, 2015", "L34"]) expect(main()).toContain(words);
  expect(document.title).toBe("Prefer chains of small filters · CNN playground");
  const links = [...box.querySelectorAll("nav a")];
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["/why/filters.W001", "/why/bottleneck.W001"]);
  expect(links.map((link) => link.getAttribute("aria-current"))).toEqual(["page", null]);
});

test("one that the site does not know is said plainly, with the way to those it knows", async () => {
  await show("moon.W001");
  expect(main()).toContain("This site knows no guideline called “moon.W001”.");
  expect(box.querySelectorAll("nav a")).toHaveLength(2);
});

test("a site without guidelines says so", async () => {
  answers = () => new Response("{}", { status: 404 });
  await show(null);
  expect(main()).toContain("This site lists no guidelines.");
});

test("where they cannot be loaded it says why and tries again", async () => {
  answers = () => new Response(JSON.stringify({ error: { code: "x", message: "The database is away.", path: "" } }), { status: 500 });
  await show("filters.W001");
  expect(box.querySelector("[role=alert]")?.textContent).toContain("The database is away.");
  answers = () => new Response(JSON.stringify(guidelines));
  await press(box.querySelector("[role=alert] button"));
  expect(box.querySelector("h1")?.textContent).toBe("Prefer chains of small filters");
});

test("it leads back to the experiment it was opened from, also after reading another", async () => {
  window.history.replaceState(null, "", "/e/5fa0");
  useExperiment.setState({ status: "ready", name: "My net" });
  navigate("/why/filters.W001");
  navigate("/why/bottleneck.W001");
  await show("bottleneck.W001");
  const back = [...box.querySelectorAll("header a")].find((link) => link.textContent?.startsWith("Back"));
  expect(back?.getAttribute("href")).toBe("/e/5fa0");
  expect(back?.textContent).toBe("Back to My net");
});
