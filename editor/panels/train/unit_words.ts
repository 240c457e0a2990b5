/** What is known of single units: dead or not, since when, and when they came back. */
import type { DeadRow } from "../../charts/dead_rows";
import { percent, whole } from "../../charts/words";
import { NO_STEP, type UnitsPast } from "../../live/inside";

const times = (count: number): string => (count === 1 ? "once" : count === 2 ? "twice" : `${whole(count)} times`);

/** "unit 17: dead since step 400; came back twice, last at step 380". */
export function unitWords(unit: number, dead: boolean | null, past: UnitsPast | null): string {
  if (dead === null) return `unit ${whole(unit)}: not known before the first window of steps is over`;
  const since = past?.since[unit] ?? NO_STEP;
  const revivals = past?.revivals[unit] ?? 0;
  const state = dead ? `dead${since === NO_STEP ? "" : ` since step ${whole(since)}`}` : "alive";
  const back = revivals > 0 ? `; came back ${times(revivals)}${revivals > 1 ? ", last" : ""} at step ${whole(past?.revived[unit] ?? 0)}` : "";
  return `unit ${whole(unit)}: ${state}${back}`;
}

/** Of a layer: "3 of 16 dead, the first since step 400; 2 came back". */
export function layerWords(row: DeadRow): string {
  if (Number.isNaN(row.dead)) return `${row.name}: not known before the first window of steps is over`;
  const first = firstSince(row.past);
  const back = cameBack(row.past);
  const since = first === null ? "" : `, the first since step ${whole(first)}`;
  return `${row.name}: ${whole(row.dead)} of ${whole(row.units)} dead (${percent(row.dead / row.units, 0)})${since}${back > 0 ? `; ${whole(back)} came back` : ""}`;
}

/** The earliest step since which a unit has been dead; null where none is, or it is not known. */
export function firstSince(past: UnitsPast | null): number | null {
  const first = past?.since.reduce((least, step) => Math.min(least, step), NO_STEP) ?? NO_STEP;
  return first === NO_STEP ? null : first;
}

/** Units that fired again after they had been dead. */
export const cameBack = (past: UnitsPast | null): number => past?.revivals.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0) ?? 0;

/** Rows of the table: every unit that is dead or once was, those that died first on top, at most `most`. */
export function unitRows(rows: readonly DeadRow[], most: number): string[][] {
  const known = rows.flatMap((row) =>
    Array.from({ length: row.units }, (_, unit) => ({ row, unit, since: row.past?.since[unit] ?? NO_STEP, revivals: row.past?.revivals[unit] ?? 0 })).filter(
      ({ unit, revivals }) => row.which?.[unit] || revivals > 0,
    ),
  );
  return known
    .toSorted((one, other) => one.since - other.since || other.revivals - one.revivals)
    .slice(0, most)
    .map(({ row, unit, since, revivals }) => [
      row.name,
      whole(unit),
      row.which?.[unit] ? "dead" : "alive",
      since === NO_STEP ? "–" : whole(since),
      revivals > 0 ? whole(row.past?.revived[unit] ?? Number.NaN) : "–",
      whole(revivals),
    ]);
}
