/** The least and the most of a curve's measured values: for each pixel of the axis, so that smoothing hides none of them. */

export interface Band {
  /** Step of each part, ascending. */
  steps: Float64Array;
  low: Float32Array;
  high: Float32Array;
}

/** Least and most of the rows that fall on each of `pixels` parts of the range; on a log axis only of those above 0. Parts without a row are left out. */
export function bandOf(steps: ArrayLike<number>, values: ArrayLike<number>, range: readonly [number, number], pixels: number, positive = false): Band {
  const parts = Math.max(1, Math.floor(pixels));
  const span = Math.max(1e-9, range[1] - range[0]);
  const band: Band = { steps: new Float64Array(parts), low: new Float32Array(parts), high: new Float32Array(parts) };
  let count = 0;
  let part = -1;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as number;
    const step = steps[row] as number;
    if (step < range[0] || step > range[1] || !Number.isFinite(value) || (positive && value <= 0)) continue;
    const at = Math.min(parts - 1, Math.floor(((step - range[0]) / span) * parts));
    if (at !== part) {
      part = at;
      band.steps[count] = step;
      band.low[count] = band.high[count] = value;
      count += 1;
    } else {
      if (value < (band.low[count - 1] as number)) band.low[count - 1] = value;
      if (value > (band.high[count - 1] as number)) band.high[count - 1] = value;
    }
  }
  return { steps: band.steps.subarray(0, count), low: band.low.subarray(0, count), high: band.high.subarray(0, count) };
}

export interface Rows {
  steps: Float64Array;
  values: Float32Array;
}

/** The curve in parts that a line may join: it ends before each break and begins anew at it, with `gap` steps left out around it. */
export function partsOf({ steps, values }: Rows, breaks: readonly number[], gap = 0): Rows[] {
  const parts: Rows[] = [];
  let from = 0;
  for (const at of [...breaks].sort((a, b) => a - b)) {
    const end = firstAt(steps, at - gap / 2);
    const next = firstAt(steps, at + gap / 2);
    if (end <= from || next >= steps.length) continue;
    parts.push({ steps: steps.subarray(from, end), values: values.subarray(from, end) });
    from = next;
  }
  parts.push({ steps: steps.subarray(from), values: values.subarray(from) });
  return parts;
}

/** The first row at or after a step. */
function firstAt(steps: Float64Array, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as number) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last row at or before a step; -1 where there is none. */
export const rowAt = (steps: Float64Array, step: number): number => {
  const next = firstAt(steps, step);
  return steps[next] === step ? next : next - 1;
};
