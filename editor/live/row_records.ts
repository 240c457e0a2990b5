/** From Rows records to the rows of a table. */
import type { Rows } from "../generated/types";
import { readContainer, readRecord, readRows } from "../net/wire";
import { ROW_LIMIT, Table } from "./table";

/** Steps in one row of a level of the site's pyramid. */
const SPAN = [1, 64, 4096];

/** Appends a record's rows up to a step, that included. */
export function appendRecord(table: Table, header: Rows, payload: Uint8Array, last = Number.POSITIVE_INFINITY): void {
  const { steps, low, high } = readRows(header, payload);
  const kept = countUpTo(steps, last);
  if (high) table.appendBuckets(steps.subarray(0, kept), low, high, SPAN[header.level] ?? 1);
  else table.append(steps.subarray(0, kept), low);
}

/** A table of its own of an answer of the history, whose records are in order and leave out what was done again. */
export function tableOf(container: Uint8Array, width: number): Table {
  const table = new Table(width, ROW_LIMIT);
  for (const bytes of readContainer(container)) {
    const { header, payload } = readRecord(bytes);
    const rows = header as unknown as Rows;
    if (header.kind === "rows" && rows.columns === width) appendRecord(table, rows, payload);
  }
  return table;
}

function countUpTo(steps: Uint32Array, last: number): number {
  let count = steps.length;
  while (count > 0 && (steps[count - 1] as number) > last) count -= 1;
  return count;
}
