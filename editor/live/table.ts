/** Rows of one stream in memory: a step axis and float32 columns, append-only and bounded. NaN means not measured. */

/** Rows are merged four into two beyond this number. */
export const ROW_LIMIT = 20_000;

let changes = 0;

export class Table {
  length = 0;
  /** Another number with every change, and no other table has it: a reader can tell whether to draw again. */
  version = 0;
  /** Rows up to this step may stand for several; those after it are as they were told. */
  coarseUntil = -1;
  private stepStore = new Float64Array(256);
  private columnStore: Float32Array[];

  constructor(
    readonly width: number,
    readonly limit: number = ROW_LIMIT,
  ) {
    this.columnStore = Array.from({ length: width }, () => new Float32Array(256));
  }

  /** Views of what is there now; they go stale with the next append. */
  get steps(): Float64Array {
    return this.stepStore.subarray(0, this.length);
  }

  column(index: number): Float32Array {
    return this.columnStore[index]?.subarray(0, this.length) ?? new Float32Array(0);
  }

  get lastStep(): number {
    return this.length === 0 ? -1 : (this.stepStore[this.length - 1] as number);
  }

  /** Appends rows in the order of their steps; a step that is not after the last is known already and is dropped. */
  append(steps: ArrayLike<number>, columns: readonly ArrayLike<number>[], from = 0): void {
    let first = from;
    while (first < steps.length && (steps[first] as number) <= this.lastStep) first += 1;
    const count = steps.length - first;
    if (count <= 0) return;
    this.reserve(this.length + count);
    for (let row = 0; row < count; row += 1) this.stepStore[this.length + row] = steps[first + row] as number;
    for (let index = 0; index < this.width; index += 1) {
      const target = this.columnStore[index] as Float32Array;
      const source = columns[index];
      for (let row = 0; row < count; row += 1) target[this.length + row] = source?.[first + row] ?? Number.NaN;
    }
    this.length += count;
    this.changed();
    while (this.length > this.limit) this.thin();
  }

  /** Appends buckets of `span` steps as two rows each, the smallest and the largest value. */
  appendBuckets(steps: ArrayLike<number>, low: readonly ArrayLike<number>[], high: readonly ArrayLike<number>[], span: number): void {
    const count = steps.length;
    const doubled = new Float64Array(2 * count);
    for (let row = 0; row < count; row += 1) {
      doubled[2 * row] = steps[row] as number;
      const next = row + 1 < count ? (steps[row + 1] as number) : (steps[row] as number) + span;
      doubled[2 * row + 1] = ((steps[row] as number) + next) / 2;
    }
    const columns = low.map((values, index) => {
      const both = new Float32Array(2 * count);
      for (let row = 0; row < count; row += 1) {
        both[2 * row] = values[row] as number;
        both[2 * row + 1] = high[index]?.[row] as number;
      }
      return both;
    });
    this.append(doubled, columns);
    if (count > 0) this.coarseUntil = Math.max(this.coarseUntil, doubled[2 * count - 1] as number);
  }

  /** Forgets the rows after `step`: a new attempt went on from there. */
  truncate(step: number): void {
    while (this.length > 0 && this.lastStep > step) this.length -= 1;
    this.coarseUntil = Math.min(this.coarseUntil, this.lastStep);
    this.changed();
  }

  /** Index of the last row at or before `step`; -1 where there is none. */
  rowAt(step: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.stepStore[middle] as number) <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The newest measured value at or before `step`; NaN where there is none within the last rows. */
  valueAt(index: number, step: number): number {
    const column = this.columnStore[index];
    if (!column) return Number.NaN;
    const row = this.rowAt(step);
    for (let at = row; at >= 0 && at > row - 64; at -= 1) if (!Number.isNaN(column[at])) return column[at] as number;
    return Number.NaN;
  }

  latest(index: number): number {
    return this.valueAt(index, Number.POSITIVE_INFINITY);
  }

  /** Of its typed arrays. */
  get bytes(): number {
    return this.stepStore.byteLength + this.columnStore.reduce((sum, column) => sum + column.byteLength, 0);
  }

  private changed(): void {
    changes += 1;
    this.version = changes;
  }

  private reserve(rows: number): void {
    if (rows <= this.stepStore.length) return;
    const size = Math.max(rows, 2 * this.stepStore.length);
    const steps = new Float64Array(size);
    steps.set(this.steps);
    this.stepStore = steps;
    this.columnStore = this.columnStore.map((column) => {
      const grown = new Float32Array(size);
      grown.set(column.subarray(0, this.length));
      return grown;
    });
  }

  /** Each four rows become two that hold every column's smallest and largest value, in the order in which they came. */
  private thin(): void {
    const groups = this.length >> 2;
    for (const column of this.columnStore) {
      for (let group = 0; group < groups; group += 1) keepExtremes(column, 4 * group, 2 * group);
      column.copyWithin(2 * groups, 4 * groups, this.length);
    }
    for (let group = 0; group < groups; group += 1) {
      this.stepStore[2 * group] = this.stepStore[4 * group] as number;
      this.stepStore[2 * group + 1] = this.stepStore[4 * group + 2] as number;
    }
    this.stepStore.copyWithin(2 * groups, 4 * groups, this.length);
    this.length -= 2 * groups;
    this.coarseUntil = this.lastStep;
  }
}

function keepExtremes(values: Float32Array, from: number, to: number): void {
  let smallest = -1;
  let largest = -1;
  for (let at = from; at < from + 4; at += 1) {
    const value = values[at] as number;
    if (Number.isNaN(value)) continue;
    if (smallest < 0 || value < (values[smallest] as number)) smallest = at;
    if (largest < 0 || value > (values[largest] as number)) largest = at;
  }
  const first = smallest < 0 ? Number.NaN : (values[Math.min(smallest, largest)] as number);
  const second = smallest < 0 ? Number.NaN : (values[Math.max(smallest, largest)] as number);
  values[to] = first;
  values[to + 1] = second;
}
