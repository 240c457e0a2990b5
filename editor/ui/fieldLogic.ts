// The rules of a form made from FieldSpec: what is shown, what a text means, what is wrong with it. No React.
import type { FieldSpec } from "../generated/types";

export type Values = Record<string, unknown>;
export type Parsed = { value: unknown } | { error: string };

/** The value in force: the given one, or the field's default where a document leaves it out. */
export function valueOf(spec: FieldSpec, values: Values): unknown {
  return values[spec.name] ?? spec.default;
}

/** Whether the field matters: each field named in `when` holds one of the listed values. */
export function applies(spec: FieldSpec, specs: FieldSpec[], values: Values): boolean {
  return Object.entries(spec.when).every(([name, wanted]) => {
    const other = specs.find((candidate) => candidate.name === name);
    return wanted.includes(String(other ? valueOf(other, values) : values[name]));
  });
}

/** A number as typed: decimal comma, true minus, powers as 1e-3 and spaces are understood. NaN for anything else. */
export function readNumber(text: string): number {
  const plain = text.replaceAll(/[\s\u2009\u202f_]/g, "").replace("−", "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : Number.NaN;
}

/** A value as it stands in a field: no rounding, powers only where zeros would not fit. */
export function showNumber(value: unknown): string {
  if (typeof value !== "number") return value === null || value === undefined ? "" : String(value);
  const text = value !== 0 && Math.abs(value) < 1e-5 ? value.toExponential() : String(value);
  return text.replace("-", text.includes("e-") ? "-" : "−");
}

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 10 });

/** What a text typed into a number field means; errors name the field, the value and the range. */
export function readField(spec: FieldSpec, text: string): Parsed {
  if (spec.kind === "padding" && text.trim().toLowerCase() === "same") return { value: "same" };
  if (text.trim() === "") return { error: `${spec.label} is empty. ${rangeWords(spec)}` };
  const number = readNumber(text);
  if (Number.isNaN(number)) return { error: `${spec.label} is "${text.trim()}", which is not a number. ${rangeWords(spec)}` };
  if (spec.kind !== "real" && !Number.isInteger(number)) return { error: `${spec.label} is ${text.trim()}; it must be a whole number.` };
  const low = spec.minimum ?? Number.NEGATIVE_INFINITY;
  const high = spec.maximum ?? Number.POSITIVE_INFINITY;
  if (number < low || number > high) return { error: `${spec.label} is ${showNumber(number)}; it must be ${between(spec)}.` };
  return { value: number };
}

function between({ minimum, maximum }: FieldSpec): string {
  if (minimum !== null && maximum !== null) return `between ${grouped.format(minimum)} and ${grouped.format(maximum)}`;
  if (minimum !== null) return `${grouped.format(minimum)} or more`;
  return maximum === null ? "a number" : `${grouped.format(maximum)} or less`;
}

const rangeWords = (spec: FieldSpec) => `Give ${spec.kind === "real" ? "a number" : "a whole number"}${spec.minimum === null ? "" : ` ${between(spec)}`}.`;

/** The value one press up or down from here, kept in range; reals move along 1, 2, 5, 10. */
export function stepped(spec: FieldSpec, value: number, direction: 1 | -1): number {
  const low = spec.minimum ?? Number.NEGATIVE_INFINITY;
  const high = spec.maximum ?? Number.POSITIVE_INFINITY;
  const next = spec.kind === "real" ? alongDecades(value, direction) : value + direction * (spec.step ?? 1);
  return Math.min(high, Math.max(low, next));
}

function alongDecades(value: number, direction: 1 | -1): number {
  if (value <= 0) return direction === 1 ? 0.0001 : 0;
  const decade = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const ladder = [0.5, 1, 2, 5, 10].map((factor) => Number((factor * decade).toPrecision(6)));
  const next = direction === 1 ? ladder.find((rung) => rung > value * (1 + 1e-9)) : ladder.findLast((rung) => rung < value * (1 - 1e-9));
  return next ?? value;
}

/** Errors by field name from the path an answer names: "recipe.epochs" or "nodes[3].params.filters" end in the field. */
export function errorsFrom(path: string, message: string, specs: FieldSpec[]): Record<string, string> {
  const last = path.split(".").at(-1) ?? "";
  return specs.some((spec) => spec.name === last) ? { [last]: message } : {};
}
