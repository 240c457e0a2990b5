/** Curves made from a table, kept until it changes: the pointer draws charts again sixty times a second, the run only ten. */
import type { Table } from "../live/table";

const kept = new WeakMap<Table, Map<string, { stamp: string; made: unknown }>>();

/** What `make` gives for a table; made anew only when the table or the stamp changes. */
export function remembered<Made>(table: Table, name: string, stamp: string, make: () => Made): Made {
  const own = kept.get(table) ?? new Map<string, { stamp: string; made: unknown }>();
  kept.set(table, own);
  const now = `${table.version} ${stamp}`;
  const known = own.get(name);
  if (known?.stamp === now) return known.made as Made;
  const made = make();
  own.set(name, { stamp: now, made });
  return made;
}
