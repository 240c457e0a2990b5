import { FILLED, ICONS, type IconName } from "./icons";

export type { IconName } from "./icons";

/** Decoration beside a word or inside a labelled button; it has no name of its own. */
export function Icon({ name }: { name: IconName }) {
  const filled = name in FILLED;
  const path = filled ? FILLED[name as keyof typeof FILLED] : ICONS[name as keyof typeof ICONS];
  const heavy = name === "dots" || name === "pause";
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} fill={filled ? "currentColor" : "none"} strokeWidth={heavy ? 2.5 : undefined} />
    </svg>
  );
}

/** The playground's mark: two slabs. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.3" strokeLinejoin="round" aria-hidden="true">
      <path d="M2 9h9v11H2zM2 9l3-3h9l-3 3M14 6v11l-3 3" />
      <path d="M15.5 11h4v6h-4zM15.5 11l2.5-2.5h4L19.5 11M22 8.5v6L19.5 17" />
    </svg>
  );
}
