/** The parts of a run's name: that of the network, which relatives share, and what this one differs by. */
import { fitted } from "../../charts/names";

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
