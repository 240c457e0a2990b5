import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Counted } from "../../../editor/panels/Counted";
import { useUi } from "../../../editor/store/ui";

let root: Root;
let box: HTMLElement;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  useUi.setState({ explained: [] });
  box = document.body.appendChild(document.createElement("dl"));
  root = createRoot(box);
});
afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
});

const show = (element: ReactNode) => act(async () => root.render(element));
const press = () => act(async () => (box.querySelector("button") as HTMLElement).click());

test("a number opens to its formula, its result and the rule", async () => {
  await show(<Counted scope="block" of="macs" value={117600} formula="5·5·1·6 · 28·28" />);
  const button = box.querySelector("button");
  expect(button?.getAttribute("aria-label")).toBe("Multiply-adds: 117,600, how it is made");
  expect(button?.getAttribute("aria-expanded")).toBe("false");
  expect(box.textContent).not.toContain("counts 1");
  await press();
  expect(button?.getAttribute("aria-expanded")).toBe("true");
  expect(box.textContent).toContain("5·5·1·6 · 28·28 = 117,600");
  expect(box.textContent).toContain("One multiply-add counts 1");
  await press();
  expect(box.textContent).not.toContain("counts 1");
});

test("what it is the sum of is listed without what gives nothing; of many the rest is one line", async () => {
  useUi.setState({ explained: ["network parameters"] });
  const parts = Array.from({ length: 20 }, (_, at) => ({ label: `Block ${at}`, value: at === 3 ? 0 : 100 }));
  await show(<Counted scope="network" of="parameters" value={1900} parts={parts} />);
  const lines = [...box.querySelectorAll("li")].map((line) => line.textContent);
  expect(lines).toHaveLength(13);
  expect(lines[3]).toBe("Block 4100");
  expect(lines.at(-1)).toBe("7 more700");
});

test("numbers of the network open apart from those of a block", async () => {
  useUi.setState({ explained: ["network macs"] });
  await show(<Counted scope="block" of="macs" value={1} />);
  expect(box.querySelector("button")?.getAttribute("aria-expanded")).toBe("false");
});

test("a number the page has no row for shows the end of its formula", async () => {
  await show(<Counted scope="block" of="optimiser_state" value={null} formula="2·156 = 312" />);
  expect(box.textContent).toContain("Optimiser state");
  expect(box.querySelector("button")?.textContent).toBe("312");
});
