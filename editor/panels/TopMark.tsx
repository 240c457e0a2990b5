import { Link, paths } from "../routes";
import { Mark } from "../ui/Icon";
import { Tooltip } from "../ui/Tooltip";

/** The site's mark at the left of a bar, which leads home. */
export function TopMark() {
  return (
    <>
      <Tooltip text="All experiments" names>
        <Link className="top-mark" href={paths.home()} aria-label="All experiments">
          <Mark />
        </Link>
      </Tooltip>
      <span className="top-line" />
    </>
  );
}
