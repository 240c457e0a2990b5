// What a lecture says of these networks, worked out anew from the numbers that are drawn.
import type { ZooCard } from "../../net/api";
import { errorWords, shortCount } from "./quantities";

export interface Statement {
  title: string;
  text: string;
}

/** 2.7×, 16×: one decimal below ten. */
export const times = (ratio: number): string => `${ratio < 9.95 ? ratio.toFixed(1) : Math.round(ratio)}×`;

interface Measured {
  card: ZooCard;
  year: number;
  error: number;
  way: string;
}

/** A ratio of errors from here on is rounded to three by whoever speaks of it. */
const A_THIRD = 2.5;

function measured(zoo: readonly ZooCard[]): Measured[] {
  return zoo.flatMap((card) =>
    card.year !== null && typeof card.published?.top5_error === "number" ? [{ card, year: card.year, error: card.published.top5_error, way: card.published.evaluation }] : [],
  );
}

/** How much more accurate networks became from the first year to the last, and what that costs. */
export function throughTheYears(zoo: readonly ZooCard[]): Statement | null {
  const all = measured(zoo);
  const first = all.toSorted((a, b) => a.year - b.year || b.error - a.error)[0];
  const latest = Math.max(...all.map(({ year }) => year));
  if (!first || latest === first.year) return null;
  const newest = all.filter(({ year }) => year === latest);
  const best = newest.toSorted((a, b) => a.error - b.error)[0] as Measured;
  const cheapest = newest.filter(({ error }) => first.error / error >= A_THIRD).toSorted((a, b) => a.card.macs - b.card.macs)[0] ?? best;
  const years = latest - first.year;
  const gain = (to: Measured) => times(first.error / to.error);
  const price = (to: Measured) => times(to.card.macs / first.card.macs);
  const more = best.card.name === cheapest.card.name ? "" : ` ${best.card.title} errs ${gain(best)} less often, for ${price(best)}.`;
  const other = [cheapest, best].some(({ way }) => way !== first.way) ? " The errors were not all measured alike." : "";
  return {
    title: years === 1 ? "In one year" : `In ${years} years`,
    text: `${cheapest.card.title} (${latest}) errs ${gain(cheapest)} less often than ${first.card.title} (${first.year}), ${errorWords(cheapest.error)} against ${errorWords(first.error)} top-5, for ${price(cheapest)} the multiply-adds.${more}${other}`,
  };
}

/** Whether the deepest networks cost more than the chains of 3×3 filters before them. */
export function sameClass(zoo: readonly ZooCard[], deep = "resnet-101", wide = "vgg-16"): Statement | null {
  const [one, other] = [deep, wide].map((name) => zoo.find((card) => card.name === name));
  if (!one || !other) return null;
  const layers = one.depth > 0 && other.depth > 0 ? ` with ${one.depth} layers in place of ${other.depth}` : "";
  const errors = [one, other].map((card) => card.published?.top5_error ?? null);
  const [mine, theirs] = errors;
  const gain = typeof mine === "number" && typeof theirs === "number" ? ` Its top-5 error is ${errorWords(mine)} against ${errorWords(theirs)}.` : "";
  return {
    title: "Depth is not what costs",
    text: `${one.title}${layers} stays in the class of ${other.title}: ${shortCount(one.macs)} multiply-adds against ${shortCount(other.macs)}, ${shortCount(one.parameters)} parameters against ${shortCount(other.parameters)}.${gain}`,
  };
}

export interface DenseShare {
  card: ZooCard;
  dense: number;
  total: number;
}

/** The network whose dense layers hold most, and the one whose hold least, in a sentence. */
export function denseSentence(shares: readonly DenseShare[]): string | null {
  const order = shares.toSorted((a, b) => b.dense / b.total - a.dense / a.total);
  const [most, least] = [order[0], order.at(-1)];
  if (!most || !least || most === least) return null;
  const part = ({ dense, total }: DenseShare) => `${shortCount(dense)} of ${shortCount(total)}`;
  return `${most.card.title} keeps ${part(most)} parameters in its dense layers, ${least.card.title} ${part(least)}.`;
}
