/** The parts of a run's name: that of the network, which relatives share, and what this one differs by. */
import { fitted } from "./names";

/** Fewer letters of a base say nothing. */
const LEAST_BASE = 4;

export function named(name: string): { base: string; own: string } {
  const [base = "", ...rest] = name.split(", ");
  return { base, own: rest.join(", ") };
}

/** The name behind its letter, cut to a width: whole, else what it differs by. */
export function fittedTitle(ctx: CanvasRenderingContext2D, letter: string, name: string, width: number): string {
  const whole = `${letter} ${name}`;
  const { own } = named(name);
  return own && ctx.measureText(whole).width > width ? fitted(ctx, `${letter} ${own}`, width) : fitted(ctx, whole, width);
}

/** So many letters at most: what a name shares with its relatives is cut first, "LeNet-5 for Sm…, rate 0.01". */
export function shortTitle(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const { base, own } = named(name);
  const room = longest - own.length - 3;
  if (own && room >= LEAST_BASE) return `${base.slice(0, room).trimEnd()}…, ${own}`;
  const kept = own || name;
  return kept.length > longest ? `${kept.slice(0, longest - 1).trimEnd()}…` : kept;
}
