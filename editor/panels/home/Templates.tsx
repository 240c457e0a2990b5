import { useState } from "react";
import { loadCatalogue, useCatalogue } from "../../store/catalogue";
import { hasBlocks, TemplateCard } from "./TemplateCard";
import { TemplatesDialog } from "./TemplatesDialog";
import { TryAgain } from "../../ui/TryAgain";

/** Networks to begin with; each asks one question. */
export function Templates() {
  const zoo = useCatalogue((state) => state.zoo);
  const status = useCatalogue((state) => state.status);
  const problem = useCatalogue((state) => state.problem);
  const [all, setAll] = useState(false);
  const templates = zoo.filter((card) => card.template && hasBlocks(card));
  return (
    <section aria-labelledby="templates">
      <div className="home-head">
        <h2 id="templates">Templates</h2>
        <span className="caption">each asks one question</span>
        {zoo.length > 0 && (
          <button type="button" className="link-button home-right" onClick={() => setAll(true)}>
            All {zoo.length}
          </button>
        )}
      </div>
      {status === "failed" ? (
        <TryAgain onRetry={() => void loadCatalogue()}>
          The templates could not be loaded. {problem}
        </TryAgain>
      ) : (
        <ul className="cards cards-one-row" aria-busy={status === "loading" || undefined}>
          {templates.length > 0 ? templates.slice(0, 5).map((card) => <TemplateCard key={card.name} card={card} />) : [0, 1, 2, 3, 4].map((place) => <TemplateGhost key={place} />)}
        </ul>
      )}
      {all && <TemplatesDialog onClose={() => setAll(false)} />}
    </section>
  );
}

function TemplateGhost() {
  return (
    <li className="card card-template" aria-hidden="true">
      <div className="card-art" />
      <div className="card-body">
        <span className="ghost" style={{ width: "45%", height: 18 }} />
        <span className="ghost" style={{ width: "80%", height: 14, marginTop: 8 }} />
      </div>
    </li>
  );
}
