import { expect, test } from "vitest";
import { tableText } from "../../../../editor/panels/dock/CostTable";

const column = { id: "c", ids: ["c"], label: 'Conv, "wide"', stage: "Stem", shape: [6, 28, 28], macs: 117600, parameters: 156, activation_bytes: 18816 };

test("as CSV the numbers are plain, and words with commas or quotes are quoted", () => {
  const [head, row] = tableText([column], "Block", ",").split("\n");
  expect(head).toBe("Block,Stage,Output (height×width×channels),Values,Multiply-adds,Parameters,\"Activations, bytes\"");
  expect(row).toBe('"Conv, ""wide""",Stem,28×28×6,4704,117600,156,18816');
});

test("as text for a spreadsheet the cells are parted by tabs", () => {
  const [, row] = tableText([{ ...column, stage: null, shape: null }], "Block", "\t").split("\n");
  expect(row).toBe('Conv, "wide"\t\t\t\t117600\t156\t18816');
});
