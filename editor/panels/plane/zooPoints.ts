// The zoo's networks as dots: their published errors on ImageNet against what they cost as counted here.
import type { PlaneMark, PlanePoint } from "../../charts/plane";
import type { Published } from "../../generated/types";
import type { ZooCard } from "../../net/api";
import { paths } from "../../routes";
import { type CostKind, type ErrorKind, errorWords, fullCount, marksOf, otherCost } from "./quantities";

export interface ZooPoint extends PlanePoint {
  card: ZooCard;
  published: Published;
}

const UNKNOWN = "not said how";

export const wayOf = (published: Published): string => published.evaluation || UNKNOWN;

/** The networks of which an error of this kind was published, with a way to measure it that has a mark of its own. */
export function zooPoints(zoo: readonly ZooCard[], error: ErrorKind, cost: CostKind): ZooPoint[] {
  const known = zoo.flatMap((card) => (card.published && card.published[error] !== null && card.macs > 0 && card.parameters > 0 ? [{ card, published: card.published }] : []));
  const marks = marksOf(known.map(({ published }) => wayOf(published)));
  return known
    .map(({ card, published }) => ({
      id: card.name,
      name: card.title,
      cost: card[cost],
      size: card[otherCost(cost)],
      error: published[error] as number,
      mark: marks.get(wayOf(published)) ?? "filled",
      spoken: spoken(card, published, error),
      href: paths.exhibit(card.name),
      card,
      published,
    }))
    .toSorted((a, b) => b.size - a.size);
}

/** The marks that are drawn, each with the ways that it stands for; the commonest way first. */
export function marksShown(points: readonly ZooPoint[]): [PlaneMark, string][] {
  const marks = marksOf(points.map(({ published }) => wayOf(published)));
  return [...marks].map(([way, mark]) => [mark, way]);
}

function spoken(card: ZooCard, published: Published, error: ErrorKind): string {
  const kind = error === "top1_error" ? "top-1" : "top-5";
  const year = card.year === null ? "" : `, ${card.year}`;
  return `${card.title}${year}: ${errorWords(published[error] ?? Number.NaN)} ${kind} error, ${wayOf(published)}; ${fullCount(card.macs)} multiply-adds, ${fullCount(card.parameters)} parameters`;
}

/** The kind of error that more networks have; the stricter one where it is a draw. */
export function usualError(zoo: readonly ZooCard[]): ErrorKind {
  const count = (kind: ErrorKind) => zoo.filter((card) => typeof card.published?.[kind] === "number").length;
  return count("top5_error") > count("top1_error") ? "top5_error" : "top1_error";
}
