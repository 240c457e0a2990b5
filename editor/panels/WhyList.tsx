import type { GuidelineView } from "../generated/types";
import { Link, paths } from "../routes";

/** All guidelines, the one that is read marked. */
export function WhyList({ list, current }: { list: readonly GuidelineView[]; current: string | null }) {
  return (
    <nav className="why-list scroll" aria-label="Guidelines">
      <h2 className="group-name">Guidelines</h2>
      <ul>
        {list.map((guideline) => (
          <li key={guideline.id}>
            <Link href={paths.why(guideline.id)} aria-current={guideline.id === current ? "page" : undefined}>
              <span>{guideline.title}</span>
              <span className="why-id">{guideline.id}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
