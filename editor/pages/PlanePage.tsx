import { useEffect } from "react";
import { RunsPlane } from "../panels/plane/RunsPlane";
import { ZooPlane } from "../panels/plane/ZooPlane";
import { SiteTop } from "../panels/SiteTop";
import { Link, paths } from "../routes";
import "../panels/plane/plane.css";

/** Error against cost: the published networks, or the user's own runs on a data set (`runs`; empty for that of the newest). */
export function PlanePage({ runs }: { runs: string | null }) {
  const own = runs !== null;
  useEffect(() => {
    document.title = `${own ? "Your runs" : "Published networks"} by error and cost · CNN playground`;
  }, [own]);
  return (
    <div className="plane-page">
      <SiteTop page="plane" />
      <main id="content" className="plane" tabIndex={-1}>
        <div className="plane-title">
          <h1>Error for the cost</h1>
          <nav className="plane-planes" aria-label="Planes">
            <Link href={paths.plane()} aria-current={own ? undefined : "page"}>
              Published networks
            </Link>
            <Link href={paths.runsPlane()} aria-current={own ? "page" : undefined}>
              Your runs
            </Link>
          </nav>
        </div>
        {own ? <RunsPlane asked={runs} /> : <ZooPlane />}
      </main>
    </div>
  );
}
