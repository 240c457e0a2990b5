// The recipe's fields in groups; a field that no group names yet still appears, in the last one.
import type { FieldSpec } from "../../generated/types";

const GROUPS: [string, string[]][] = [
  ["Length", ["epochs", "batch_size"]],
  ["Optimiser", ["optimiser", "learning_rate", "momentum", "nesterov", "weight_decay", "schedule", "warmup_steps"]],
  ["When to stop", ["early_stop", "patience", "least_gain", "restore_best", "target_accuracy", "time_limit"]],
  ["Start", ["initialisation", "seed"]],
  ["Machine", ["device", "precision", "dead_window"]],
];

/** What heads the panel, under the data set. */
export const OF_THE_DATA = ["augment"];

const ELSEWHERE = ["dataset", ...OF_THE_DATA];

export function groupsOf(fields: readonly FieldSpec[]): { title: string; names: string[] }[] {
  const known = new Set([...ELSEWHERE, ...GROUPS.flatMap(([, names]) => names)]);
  const rest = fields.map((field) => field.name).filter((name) => !known.has(name));
  const present = new Set(fields.map((field) => field.name));
  const groups = GROUPS.map(([title, names]) => ({ title, names: names.filter((name) => present.has(name)) }));
  const last = groups.at(-1);
  if (last) last.names.push(...rest);
  return groups.filter(({ names }) => names.length > 0);
}

/** Steps of the run that a recipe makes on `images` training images; null where it cannot be told. */
export function stepsOf(recipe: Record<string, unknown>, images: number | undefined): number | null {
  const { epochs, batch_size: batch } = recipe;
  if (!images || typeof epochs !== "number" || typeof batch !== "number" || batch < 1) return null;
  return epochs * Math.ceil(images / batch);
}
