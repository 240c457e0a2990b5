/** Axis and label maths, free of canvases. */

/** About `count` round values (1, 2 or 5 times a power of ten) within low..high. */
export function niceTicks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) ticks.push(index * step);
  return ticks.map((value) => Number(value.toPrecision(12)));
}

/** Whole steps only. */
export function stepTicks(from: number, to: number, count: number): number[] {
  return niceTicks(from, to, count).filter((tick) => Number.isInteger(tick));
}

/** Powers of ten within low..high, thinned to at most `count`. */
export function logTicks(low: number, high: number, count: number): number[] {
  if (!(low > 0) || !(high > low)) return [];
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const stride = Math.max(1, Math.ceil((last - first + 1) / count));
  const ticks: number[] = [];
  for (let power = last; power >= first; power -= stride) ticks.unshift(Number(`1e${power}`)); // 10 ** -5 is not 1e-5
  return ticks;
}

/** Positions moved as little as a single pass allows so that neighbours are `gap` apart and all lie within low..high. */
export function pushApart(positions: readonly number[], gap: number, low: number, high: number): number[] {
  const order = positions.map((_, index) => index).sort((a, b) => (positions[a] as number) - (positions[b] as number));
  const placed = [...positions];
  let floor = low;
  for (const index of order) {
    placed[index] = Math.max(floor, placed[index] as number);
    floor = (placed[index] as number) + gap;
  }
  let ceiling = high;
  for (const index of order.toReversed()) {
    placed[index] = Math.min(ceiling, placed[index] as number);
    ceiling = (placed[index] as number) - gap;
  }
  return placed;
}

/** At the smoothing weight w, a value a thousandth of the visible range ago counts w times as much as the newest. */
const RANGE_PARTS = 1_000;

/**
 * Exponential moving average over the step axis, corrected for its start. Rows may lie unevenly (thinned history), so the
 * weight of the past falls with the distance in steps and not with the number of rows. NaN rows are passed over.
 */
export function smooth(steps: ArrayLike<number>, values: ArrayLike<number>, weight: number, range: number): Float32Array {
  const out = new Float32Array(values.length);
  let sum = 0;
  let mass = 0;
  let last = Number.NaN;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] as number;
    const step = steps[row] as number;
    if (Number.isFinite(value)) {
      const kept = Number.isNaN(last) ? 0 : weight ** (((step - last) * RANGE_PARTS) / Math.max(1, range));
      sum = kept * sum + (1 - kept) * value;
      mass = kept * mass + (1 - kept);
      last = step;
    }
    out[row] = mass > 0 ? sum / mass : Number.NaN;
  }
  return out;
}

/** Smallest and largest finite value whose step lies in from..to; null where there is none. */
export function extent(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  from: number,
  to: number,
  positive = false,
  most = Number.POSITIVE_INFINITY,
): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row += 1) {
    const step = steps[row] as number;
    const value = values[row] as number;
    if (step < from || step > to || !Number.isFinite(value) || value > most || (positive && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}

/** The part of a curve that is drawn: finite values, above 0 on a log axis. Views where nothing has to be left out. */
export function drawable(
  steps: Float64Array,
  values: Float32Array,
  positive: boolean,
): { steps: Float64Array; values: Float32Array } {
  const good = (value: number) => Number.isFinite(value) && (!positive || value > 0);
  let count = 0;
  for (const value of values) if (good(value)) count += 1;
  if (count === values.length) return { steps, values };
  const keptSteps = new Float64Array(count);
  const keptValues = new Float32Array(count);
  let at = 0;
  for (let row = 0; row < values.length; row += 1) {
    if (!good(values[row] as number)) continue;
    keptSteps[at] = steps[row] as number;
    keptValues[at] = values[row] as number;
    at += 1;
  }
  return { steps: keptSteps, values: keptValues };
}
