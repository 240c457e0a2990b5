import { beforeEach, expect, test, vi } from "vitest";
import { ZooPage } from "../../../editor/pages/ZooPage";
import { useCatalogue } from "../../../editor/store/catalogue";
import { ZOO } from "../panels/plane/fixtures";
import { enter, mounted } from "../mounted";

const { box, render } = mounted();

beforeEach(() => {
  vi.stubGlobal("fetch", async () => new Response("{}", { status: 500 }));
  useCatalogue.setState({ status: "ready", zoo: ZOO, problem: null });
});

const show = () => render(<ZooPage />);
const names = () => [...box.querySelectorAll("h3")].map((heading) => heading.textContent);

test("every network leads to its page, with its year and what it costs", async () => {
  await show();
  expect(names()).toHaveLength(8);
  const alexnet = box.querySelector("a[href='/zoo/alexnet']");
  expect(alexnet?.textContent).toMatch(/AlexNet2012.*61\s?M parameters, 724\s?M multiply-adds.*top-5 error 18\.2%/);
});

test("the search keeps those that match by name, year or source", async () => {
  await show();
  const input = box.querySelector("input[type=search]");
  await enter(input, "2014");
  expect(names()).toEqual(["VGG-16"]);
  await enter(input, "zebra");
  expect(box.textContent).toContain("No network is called “zebra”.");
});

test("where the networks cannot be loaded, it says so", async () => {
  useCatalogue.setState({ status: "failed", zoo: [], problem: "The site does not answer." });
  await show();
  expect(box.querySelector("[role=alert]")?.textContent).toContain("The networks could not be loaded. The site does not answer.");
});
