import { Link, paths } from "../../routes";
import { useCatalogue } from "../../store/catalogue";
import { Icon } from "../../ui/Icon";
import { GhostFigure } from "./GhostFigure";

/** What a first visitor sees: the outline of a network, one promise, one main and one quiet action. */
export function EmptyHome() {
  const easiest = useCatalogue((state) => state.zoo.find((card) => card.template && card.name.startsWith("lenet")));
  return (
    <section className="home-empty" aria-labelledby="first">
      <GhostFigure />
      <div>
        <h2 id="first">Draw your first network</h2>
        <p>Drag blocks onto the page. Each one is drawn to the size of the data it makes, and comes alive when you press Train.</p>
        <div className="home-empty-actions">
          <Link className="button" data-look="main" href={paths.draft()}>
            <Icon name="plus" />
            New network
          </Link>
          {easiest && (
            <Link className="button" href={paths.draft(easiest.name)}>
              Start from {easiest.title}
            </Link>
          )}
        </div>
      </div>
    </section>
  );
}
