/** Curves of activations and normalisations in a box of 16 × 12, y downwards: on tabs, tiles and in the palette. */
const CURVES: Record<string, string> = {
  relu: "M1 10h7l7-8",
  leaky_relu: "M1 11l7-2 7-7.5",
  step: "M1 10h7v-8h7",
  linear_activation: "M1.5 11L14.5 1",
  sigmoid: "M1 10c6 0 8-8 14-8",
  tanh: "M1 10.5c8.5 0 5.5-9 14-9",
  swish: "M1 8.6c4 0 4.5 2.2 7 1 2.5-1.2 4.5-4 7-7.8",
  softmax: "M3 10.5v-3M6.4 10.5v-9M9.8 10.5v-5M13.2 10.5v-2",
  batch_norm: "M1 10.5c4 0 4-9 7-9s3 9 7 9",
  local_response_norm: "M1 10.5c2 0 2.4-5 4.4-5s2 5 4 5M6.6 10.5c2 0 2.4-9 4.4-9s2 9 4 9",
  dropout: "M3 3h.1M8 3h.1M13 9h.1M3 9h.1M8 9l.1 0M13 3h.1",
};

const PLAIN: Record<string, string> = { activation: "M1 10c5 0 5-8 14-8", steadying: "M1 10.5c4 0 4-9 7-9s3 9 7 9" };

export const curveOf = (block: string, family: string): string => CURVES[block] ?? PLAIN[family] ?? "";

/** Curves of separate dots need a thicker, round pen. */
export const isDotted = (block: string): boolean => block === "dropout";

/** What stands on the face of a composite block, in a box of 20 × 20. */
export const INSIDES: Record<string, string> = {
  inception: "M1 10h4M15 10h4M5 10l3-6h4l3 6M5 10h10M5 10l3 6h4l3-6",
  residual: "M1 12.5h18M4 12.5C4 3 16 3 16 12.5",
  group: "M3 10h5M12 10h5M8 7h4v6H8z",
};

export const insideOf = (block: string): string =>
  (block.startsWith("inception") ? INSIDES.inception : block.startsWith("residual") ? INSIDES.residual : INSIDES.group) ?? "";
