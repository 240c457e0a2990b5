// How the gallery sorts the zoo, which networks are twins, and how stated and counted numbers compare.
import type { Analysis, Published } from "../../generated/types";
import type { ZooCard } from "../../net/api";
import { imageOf } from "../../store/scaled";

export interface ExhibitGroup {
  title: string;
  caption: string;
  cards: ZooCard[];
}

/** Images at least this high are photographs; the data sets here are smaller. */
const PHOTOGRAPH = 100;

/** Templates first, then what was built for photographs, then what was built for small images; each by year, then cost. */
export function groupsOf(zoo: readonly ZooCard[]): ExhibitGroup[] {
  const filled = zoo.filter((card) => card.macs > 0);
  const large = (card: ZooCard) => (imageOf(card.network)?.height ?? 0) >= PHOTOGRAPH;
  const byYear = (cards: ZooCard[]) => cards.toSorted((a, b) => (a.year ?? 0) - (b.year ?? 0));
  const groups = [
    { title: "To begin with", caption: "each asks one question", cards: filled.filter((card) => card.template) },
    { title: "For photographs", caption: "the networks of the ImageNet years; each has a scaled version for small images", cards: byYear(filled.filter((card) => !card.template && large(card))) },
    { title: "For small images", caption: "with and without shortcuts", cards: filled.filter((card) => !card.template && !large(card)) },
  ];
  return groups.filter(({ cards }) => cards.length > 0);
}

const PAIRS: [RegExp, string][] = [
  [/^resnet-(\d+)$/, "plain-$1"],
  [/^plain-(\d+)$/, "resnet-$1"],
];

/** The same network without its shortcuts, or with them; null where the zoo has none. */
export function twinOf(name: string, zoo: readonly ZooCard[]): ZooCard | null {
  for (const [pattern, other] of PAIRS) {
    if (!pattern.test(name)) continue;
    const twin = name.replace(pattern, other);
    return zoo.find((card) => card.name === twin) ?? null;
  }
  return null;
}

export interface Compared {
  name: string;
  stated: number | null;
  counted: number;
}

/** What was published beside what is counted here. */
export function compared({ parameters, macs, published }: Pick<ZooCard, "parameters" | "macs" | "published">): Compared[] {
  return [
    { name: "Parameters", stated: published?.parameters ?? null, counted: parameters },
    { name: "Multiply-adds, one image", stated: published?.macs ?? null, counted: macs },
  ];
}

/** "same", "−13%", "+0.2%"; empty where nothing was stated. */
export function difference({ stated, counted }: Pick<Compared, "stated" | "counted">): string {
  if (stated === null || stated === 0) return "";
  if (stated === counted) return "same";
  const share = (100 * (counted - stated)) / stated;
  const size = Math.abs(share);
  const sign = share < 0 ? "−" : "+";
  return size < 0.05 ? "nearly the same" : `${sign}${size < 10 ? size.toFixed(1) : Math.round(size)}%`;
}

export const hasErrors = (published: Published | null): published is Published => published !== null && (published.top1_error !== null || published.top5_error !== null);

export interface StageRow {
  name: string;
  shape: number[] | null;
  parameters: number;
  macs: number;
  depth: number | null;
}

/** A row a stage, and one for blocks that stand in none where they cost something; without stages a row a block. */
export function stageRows({ stages, nodes, order, totals }: Analysis): StageRow[] {
  if (stages.length === 0) return order.flatMap((id) => (nodes[id] ? [{ name: nodes[id].label, shape: nodes[id].shape, parameters: nodes[id].parameters, macs: nodes[id].macs, depth: null }] : []));
  const rows: StageRow[] = stages.map(({ name, shape, parameters, macs, depth }) => ({ name, shape, parameters, macs, depth }));
  const sum = (of: (row: StageRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const rest = { parameters: totals.parameters - sum((row) => row.parameters), macs: totals.macs - sum((row) => row.macs) };
  if (rest.parameters !== 0 || rest.macs !== 0) rows.push({ name: "Other blocks", shape: null, ...rest, depth: null });
  return rows;
}
