// What is typed into the sweep's form, and the axis that it stands for. What values a setting takes, the site says.
import type { FieldSpec, SweepField } from "../../generated/types";
import type { Axis } from "../../net/about";

export type Way = "list" | "linear" | "log";

export interface Typed {
  field: string;
  way: Way;
  list: string;
  chosen: string[];
  low: string;
  high: string;
  count: number;
}

/** A setting whose values are named rather than typed. */
export const isNamed = (spec: FieldSpec): boolean => spec.kind === "choice" || spec.kind === "switch";

/** The values that can be ticked. */
export const namedValues = (spec: FieldSpec): { value: string; label: string }[] =>
  spec.kind === "switch" ? [{ value: "true", label: "on" }, { value: "false", label: "off" }] : spec.choices.map(({ value, label }) => ({ value, label }));

/** A form for a setting, filled with values that make sense: those that its own form offers, or around the value now. */
export function typedFor({ field, spec, value }: SweepField): Typed {
  const now = typeof value === "number" ? value : null;
  const offered = spec.common.filter((each) => typeof each === "number");
  const around = now === null ? [] : spec.kind === "real" ? [now / 10, now, now * 10] : [Math.max(spec.minimum ?? 1, Math.round(now / 2)), now, now * 2];
  const values = [...new Set(offered.length > 1 ? offered : around)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return {
    field,
    way: "list",
    list: values.map(short).join(", "),
    chosen: isNamed(spec) ? namedValues(spec).map((each) => each.value) : [],
    low: values.length > 0 ? short(low) : "",
    high: values.length > 0 ? short(high) : "",
    count: 4,
  };
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** The axis that is asked for; what is not a number goes as it is, so that the site can say what is wrong with it. */
export function axisOf(typed: Typed, spec: FieldSpec): Axis {
  if (isNamed(spec)) return { field: typed.field, values: typed.chosen.map((value) => (spec.kind === "switch" ? value === "true" : value)) };
  if (typed.way === "list") {
    const parts = typed.list.split(/[\s,;]+/).filter(Boolean);
    return { field: typed.field, values: parts.map(valueOf) };
  }
  const axis: Axis = { field: typed.field, count: typed.count, scale: typed.way };
  if (isNumber(typed.low)) axis.low = Number(typed.low);
  if (isNumber(typed.high)) axis.high = Number(typed.high);
  return axis;
}

const isNumber = (text: string): boolean => text.trim() !== "" && Number.isFinite(Number(text));

/** "0.1", "same", or a pair: "3x5". */
function valueOf(text: string): unknown {
  const pair = /^(\d+)[x×](\d+)$/.exec(text);
  if (pair) return [Number(pair[1]), Number(pair[2])];
  return isNumber(text) ? Number(text) : text;
}
