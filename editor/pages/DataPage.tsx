import { useEffect } from "react";
import { AddData } from "../panels/data/AddData";
import { KnownSets } from "../panels/data/KnownSets";
import { OwnSet } from "../panels/data/OwnSet";
import { isMoving, loadOwnData, useOwnData } from "../panels/data/ownData";
import { CatalogueProblem } from "../panels/side/CatalogueProblem";
import { SiteTop } from "../panels/SiteTop";
import { useEvery } from "../panels/useEvery";
import { Link, openedFrom } from "../routes";
import { isOwnName, useCatalogue } from "../store/catalogue";
import { Icon } from "../ui/Icon";
import "../panels/data/data.css";

const EVERY = 700; // ms between looks while something moves

/** The data sets there are: one's own with their uploads and checks, and those that every site knows. */
export function DataPage() {
  const page = useOwnData((state) => state.page);
  const problem = useOwnData((state) => state.problem);
  const moving = useOwnData(isMoving);
  const known = useCatalogue((state) => state.datasets);
  useEffect(() => {
    document.title = "Data · CNN playground";
    void loadOwnData();
  }, []);
  useEvery(moving ? EVERY : null, () => void loadOwnData());
  const from = openedFrom();
  return (
    <div className="data-page">
      <SiteTop page="data" />
      <main id="content" className="data-main scroll" tabIndex={-1}>
        <div className="data-columns">
          <div className="data-list">
            <div className="data-heading">
              <h1>Data sets</h1>
              {from && /^\/(e\/|new)/.test(from) && (
                <Link className="button" data-size="small" href={from}>
                  <Icon name="left" />
                  Back to the network
                </Link>
              )}
            </div>
            <h2>Your own</h2>
            {page?.sets.length === 0 && <p className="side-text">None yet. What you upload appears here, and then wherever a data set is chosen.</p>}
            {problem && !page && <p role="alert">{problem}</p>}
            <ul className="own-sets">
              {page?.sets.map((view) => (
                <OwnSet key={view.id} view={view} />
              ))}
            </ul>
            <h2>Known everywhere</h2>
            {known.length === 0 ? <CatalogueProblem waiting={<p className="side-text">Loading the data sets</p>} /> : <KnownSets views={known.filter(({ dataset }) => !isOwnName(dataset.name))} />}
          </div>
          <aside aria-label="Add a data set">{page && <AddData page={page} />}</aside>
        </div>
      </main>
    </div>
  );
}
