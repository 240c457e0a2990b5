const WIDTH = 76;
const HEIGHT = 40;
const BASE = HEIGHT - 0.5;

/** The largest value but for the wildest twentieth, so that one leap does not flatten the rest. */
function heightOf(values: number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  return Math.max(ordered[Math.ceil(ordered.length * 0.95) - 1] ?? 0, 1e-9);
}

/** Points of the curve, in pixels: from zero at the base to a height that nearly all values keep to; no number, no point. */
export function sparkPoints(values: readonly (number | null)[], share = 1, width = WIDTH, height = HEIGHT): [number, number][] {
  const finite = values.map((value, index) => [index, value] as const).filter((pair): pair is readonly [number, number] => Number.isFinite(pair[1]));
  const top = heightOf(finite.map(([, value]) => value));
  const across = (width - 6) * Math.min(1, Math.max(0.08, share));
  const steps = Math.max(1, values.length - 1);
  return finite.map(([index, value]) => [2 + (across * index) / steps, height - 2.5 - Math.min(1, Math.max(0, value) / top) * (height - 7)]);
}

/** A run's training loss at a glance. `share` is how much of the run is done; the words beside it carry the numbers. */
export function Spark({ values, share = 1, bad = false }: { values: readonly (number | null)[]; share?: number; bad?: boolean }) {
  const points = sparkPoints(values, share);
  const end = points.at(-1);
  const ink = bad ? "var(--bad)" : "var(--series-1)";
  return (
    <svg className="spark" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={`M0 ${BASE}H${WIDTH}`} stroke="var(--rule-2)" />
      {points.length > 1 && <path d={`M${points.map((point) => point.map((part) => part.toFixed(1)).join(" ")).join("L")}`} fill="none" stroke={ink} strokeWidth="1.5" strokeLinejoin="round" />}
      {end && <circle cx={end[0]} cy={end[1]} r="2.5" fill={ink} />}
    </svg>
  );
}
