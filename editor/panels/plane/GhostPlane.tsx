// The outline of a plane that has no dots yet.

const DOTS = [
  { x: 70, y: 46, r: 9 },
  { x: 158, y: 92, r: 14 },
  { x: 262, y: 132, r: 22 },
];

export function GhostPlane() {
  return (
    <svg className="ghost-plane" viewBox="0 0 360 190" aria-hidden="true">
      <path className="ghost-axes" d="M30 10V170H350" />
      {[50, 90, 130].map((y) => (
        <path key={y} className="ghost-grid" d={`M30 ${y}H350`} />
      ))}
      <path className="ghost-best" d="M70 46H158V92H262V132H350" />
      {DOTS.map(({ x, y, r }) => (
        <circle key={x} className="ghost-dot" cx={x} cy={y} r={r} />
      ))}
    </svg>
  );
}
