// What each number of the page counts, declared once. How a number is made comes with the analysis.
import { byteText, fullCount, shapeText } from "../canvas/words";

export interface Counting {
  name: string;
  /** The rule by which it is counted. */
  rule: string;
}

const KNOWN: Record<string, Counting> = {
  shape: { name: "Output", rule: "Height × width × channels for one image; a vector has one size." },
  parameters: { name: "Parameters", rule: "Weights, biases, and batch-norm scale and shift. Running statistics are not counted." },
  macs: { name: "Multiply-adds", rule: "One multiply-add counts 1; biases and activations are not counted. For one image." },
  activation_bytes: { name: "Activations", rule: "Every output value as a float32 of 4 bytes. For one image." },
  weight_bytes: { name: "Model size", rule: "The file of the weights: parameters and running statistics as float32 of 4 bytes." },
  receptive_field: { name: "Receptive field", rule: "The patch of the image that one output value sees, height × width in pixels." },
  inference_bytes: { name: "Memory to run", rule: "The most that outputs take at once while one image runs through; each is let go after its last reader." },
  training_bytes: { name: "Memory to train", rule: "One step with the recipe’s batch: the outputs of all its images, weights, gradients and the optimiser’s state." },
  depth: { name: "Depth", rule: "Layers with weights on the longest way from the input to the output." },
};

/** A number the analysis names, in words; one that this page does not know keeps its own name. */
export function countingOf(key: string): Counting {
  const plain = key.replaceAll("_", " ");
  return KNOWN[key] ?? { name: plain.charAt(0).toUpperCase() + plain.slice(1), rule: "" };
}

/** Formulas the page has a row for, in the order of the rows. */
export const ROWS_OF_A_BLOCK = ["shape", "parameters", "macs", "activation_bytes", "weight_bytes", "receptive_field"] as const;
export const ROWS_OF_A_NETWORK = ["parameters", "macs", "weight_bytes", "activation_bytes", "inference_bytes", "training_bytes", "receptive_field", "depth"] as const;

/** A value as it stands in a row. */
export function valueText(key: string, value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (key === "shape") return shapeText(value as number[]);
  if (key === "receptive_field") return `${(value as number[]).join("×")}\u2009px`;
  return key.endsWith("_bytes") ? byteText(Number(value)) : fullCount(Number(value));
}

/** The same to the last unit. */
export const exactText = (key: string, value: unknown): string => (key.endsWith("_bytes") ? `${fullCount(Number(value))} bytes` : valueText(key, value));

/** Where a remark in words begins, after the last number: "3 · 96 bytes, while Conv runs". */
const REMARK = /, (?=\D)/;

/** A formula that stops before its result is completed by it; a remark comes last. */
export function equation(formula: string, key: string, value: unknown): { made: string; result: string | null; remark: string } {
  const result = exactText(key, value);
  if (formula.includes("=") || formula === result) return { made: formula, result: null, remark: "" };
  const at = formula.search(REMARK);
  return at < 0 ? { made: formula, result, remark: "" } : { made: formula.slice(0, at), result, remark: formula.slice(at) };
}
