import type { Comparison, SeedGroup } from "../../generated/types";
import type { Shown } from "./view";

interface SaidPanelProps {
  comparison: Comparison;
  runs: readonly Shown[];
}

/** How each run differs from the first, in words, and whether seeds alone explain the results. */
export function SaidPanel({ comparison, runs }: SaidPanelProps) {
  const [first, ...others] = runs;
  const images = comparison.measured_on === "test" ? "test images" : "held-out images, at best";
  const measured = comparison.groups.filter((group) => group.seeds > 0);
  return (
    <section className="compare-panel compare-said scroll" aria-label="What differs">
      <header className="panel-head">
        <h2>What differs</h2>
        <span className="panel-fact">{first ? `against ${first.letter}, ${first.name} run ${first.number}` : ""}</span>
      </header>
      {others.length === 0 ? (
        <p className="muted">Add a run, and it is told here how it differs from this one.</p>
      ) : (
        <ul className="said-list">
          {others.map((run) => (
            <li key={run.id} data-hidden={run.hidden || undefined}>
              <b style={{ color: `var(--${run.look.token})` }}>{run.letter}</b>
              <span>{run.difference || "Its network or the first one's can no longer be read."}</span>
            </li>
          ))}
        </ul>
      )}
      <h3>Seeds</h3>
      {measured.length === 0 ? (
        <p className="muted">Runs that differ in the seed alone are taken together here once they have ended: mean, interval, and whether a difference can be claimed.</p>
      ) : (
        <>
          <table className="seed-table">
            <caption className="unseen">Mean errors of runs that differ in the seed alone, with intervals at 95%</caption>
            <thead>
              <tr>
                <th scope="col">Runs</th>
                <th scope="col">Seeds</th>
                <th scope="col">Mean error</th>
                <th scope="col">95% interval</th>
              </tr>
            </thead>
            <tbody>
              {measured.map((group) => (
                <tr key={group.name}>
                  <th scope="row">{group.name}</th>
                  <td>{group.seeds}</td>
                  <td>{(group.mean ?? 0).toFixed(2)}%</td>
                  <td>{intervalWords(group)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <SeedBands groups={measured} runs={runs} />
          {comparison.verdicts.map((verdict) => (
            <p key={`${verdict.one} ${verdict.other}`} className="verdict" data-claimed={verdict.claimed || undefined}>
              {verdict.words}
            </p>
          ))}
          <p className="muted small">{`Error of the ${images}. Student's t for a mean, Welch's for a difference; a seed that was trained twice counts once.`}</p>
        </>
      )}
    </section>
  );
}

const intervalWords = ({ low, high }: SeedGroup): string => (low === null || high === null ? "one seed tells nothing" : `${Math.max(0, low).toFixed(2)} to ${Math.min(100, high).toFixed(2)}%`);

const WIDE = 300;
const TALL = 22;

/** Each seed a dot, the mean a bar in its interval, all over one axis. */
function SeedBands({ groups, runs }: { groups: readonly SeedGroup[]; runs: readonly Shown[] }) {
  const all = groups.flatMap((group) => [...group.errors, group.low ?? group.mean ?? 0, group.high ?? group.mean ?? 0]);
  const low = Math.max(0, Math.min(...all));
  const high = Math.min(100, Math.max(...all));
  const span = Math.max(1e-6, high - low);
  const x = (value: number) => 40 + ((Math.max(low, Math.min(high, value)) - low) / span) * (WIDE - 52);
  return (
    <svg className="seed-bands" viewBox={`0 0 ${WIDE} ${TALL * groups.length + 16}`} aria-hidden="true">
      {groups.map((group, row) => {
        const y = TALL * row + TALL / 2;
        const token = runs.find((run) => run.id === group.runs[0])?.look.token ?? "series-1";
        return (
          <g key={group.name} style={{ color: `var(--${token})` }}>
            <text x="0" y={y} dy="0.34em">
              {group.runs.length > 2 ? `${group.name.slice(0, 1)} …` : group.name}
            </text>
            <line className="seed-axis" x1="40" x2={WIDE - 12} y1={y} y2={y} />
            {group.low !== null && group.high !== null && <rect x={x(group.low)} width={Math.max(1, x(group.high) - x(group.low))} y={y - 6} height="12" />}
            {group.mean !== null && <line className="seed-mean" x1={x(group.mean)} x2={x(group.mean)} y1={y - 8} y2={y + 8} />}
            {[...new Set(group.errors)].map((error) => (
              <circle key={error} cx={x(error)} cy={y} r="2.5" />
            ))}
          </g>
        );
      })}
      <text className="seed-end" x="40" y={TALL * groups.length + 10}>{`${low.toFixed(2)}%`}</text>
      <text className="seed-end" x={WIDE - 12} y={TALL * groups.length + 10} textAnchor="end">{`${high.toFixed(2)}%`}</text>
    </svg>
  );
}
