import { expect, test } from "vitest";
import { BeforeAfter, changeText, differing } from "../../../editor/panels/NowAndAfter";
import { useStore } from "../../../editor/store";
import { mounted } from "../mounted";
import { analysed, totals } from "./networks";

const { box, render } = mounted();

test.each([
  [100, 100, "same"],
  [100, 30, "−70%"],
  [1000, 1030, "+3.0%"],
  [0, 10, "new"],
  [10, 500, "+49×"],
])("from %s to %s is %s", (was, will, words) => expect(changeText(was, will)).toBe(words));

test("parameters, multiply-adds and receptive field stand before and after", async () => {
  const now = analysed([{ id: "c", shape: [1, 2, 2] }], []);
  now.analysis.totals = totals({ parameters: 832, macs: 51200, receptive_field: [5, 5] });
  useStore.setState({ network: now.network, analysis: now.analysis });
  const rows = () => [...box.querySelectorAll("tbody tr")].map((row) => [...row.children].map((cell) => cell.textContent));
  await render(<BeforeAfter after={null} />);
  expect(rows()).toHaveLength(3); // the room is there before the numbers are
  await render(<BeforeAfter after={totals({ parameters: 592, macs: 36864, receptive_field: [5, 5] })} />);
  expect(rows()).toEqual([
    ["Parameters", "832", "→ 592", "−29%"],
    ["Multiply-adds", "51,200", "→ 36,864", "−28%"],
    ["Receptive field", "5×5", "→ 5×5", "same"],
  ]);
});

test("blocks differ that are new, changed, or lost a wire", () => {
  const { network } = analysed([{ id: "a", shape: null }, { id: "b", shape: null }, { id: "c", shape: null }], ["a>b", "b>c"]);
  const other = { ...network, nodes: network.nodes.slice(0, 2).map((node) => (node.id === "b" ? { ...node, params: { filters: 9 } } : node)), edges: network.edges.slice(0, 1) };
  expect(new Set(differing(network, other))).toEqual(new Set(["b", "c"]));
});
