import { beforeEach, expect, test } from "vitest";
import { Counted } from "../../../editor/panels/Counted";
import { useUi } from "../../../editor/store/ui";
import { mounted, press } from "../mounted";

const { box, render } = mounted();

beforeEach(() => {
  useUi.setState({ explained: [] });
});

const toggle = () => press(box.querySelector("button"));

test("a number opens to its formula, its result and the rule", async () => {
  await render(<Counted scope="block" of="macs" value={117600} formula="5·5·1·6 · 28·28" />);
  const button = box.querySelector("button");
  expect(button?.getAttribute("aria-label")).toBe("Multiply-adds: 117,600, how it is made");
  expect(button?.getAttribute("aria-expanded")).toBe("false");
  expect(box.textContent).not.toContain("counts 1");
  await toggle();
  expect(button?.getAttribute("aria-expanded")).toBe("true");
  expect(box.textContent).toContain("5·5·1·6 · 28·28 = 117,600");
  expect(box.textContent).toContain("One multiply-add counts 1");
  await toggle();
  expect(box.textContent).not.toContain("counts 1");
});

test("what it is the sum of is listed without what gives nothing; of many the rest is one line", async () => {
  useUi.setState({ explained: ["network parameters"] });
  const parts = Array.from({ length: 20 }, (_, at) => ({ label: `Block ${at}`, value: at === 3 ? 0 : 100 }));
  await render(<Counted scope="network" of="parameters" value={1900} parts={parts} />);
  const lines = [...box.querySelectorAll("li")].map((line) => line.textContent);
  expect(lines).toHaveLength(13);
  expect(lines[3]).toBe("Block 4100");
  expect(lines.at(-1)).toBe("7 more700");
});

test("numbers of the network open apart from those of a block", async () => {
  useUi.setState({ explained: ["network macs"] });
  await render(<Counted scope="block" of="macs" value={1} />);
  expect(box.querySelector("button")?.getAttribute("aria-expanded")).toBe("false");
});

test("a number the page has no row for shows the end of its formula", async () => {
  await render(<Counted scope="block" of="optimiser_state" value={null} formula="2·156 = 312" />);
  expect(box.textContent).toContain("Optimiser state");
  expect(box.querySelector("button")?.textContent).toBe("312");
});
