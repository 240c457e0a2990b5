/** What a chart of curves shows, free of how it is drawn. */

/** A point of a line with its name: "best 97.2%". */
export interface Named {
  step: number;
  value: number;
  name: string;
}

/** A moment that all charts mark. */
export interface Flag {
  step: number;
  name: string;
  /** The line breaks here: a new attempt went on from an earlier state. */
  breaks?: boolean;
}

export interface Line {
  /** Written at the end of the line; empty for a line without a label. */
  label: string;
  /** Token of the colour. */
  token: string;
  dash?: number[];
  width?: number;
  /** 0 to 1. */
  opacity?: number;
  steps: Float64Array;
  values: Float32Array;
  /** The value that stands beside the label; NaN leaves it out. */
  shown?: number;
  /** Carries a mark at each row while there are few. */
  marks?: boolean;
  /** Has a say in how far the value axis reaches. */
  ranges?: boolean;
  /** Only its values up to this one; what lies above leaves the chart at the top. */
  rangesTo?: number;
  /** As measured, where the line is smoothed: drawn pale behind it, from the least to the most. */
  raw?: { steps: Float64Array; values: Float32Array };
  best?: Named | null;
}

/** A washed part of the chart with its name. */
export interface Zone {
  from: number;
  to: number;
  name: string;
}

export interface Picture {
  range: [from: number, to: number];
  lines: Line[];
  log: boolean;
  zones?: Zone[];
  flags: Flag[];
  /** The step that is "now". */
  now: number;
  /** Where the hairline stands: each named line has its point there. */
  at?: number | null;
}
