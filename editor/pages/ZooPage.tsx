import { useEffect, useMemo, useState } from "react";
import { matches } from "../panels/home/sorting";
import { SearchField } from "../panels/SearchField";
import { SiteTop } from "../panels/SiteTop";
import { ExhibitCard } from "../panels/zoo/ExhibitCard";
import { groupsOf } from "../panels/zoo/exhibits";
import { Link, paths } from "../routes";
import { loadCatalogue, useCatalogue } from "../store/catalogue";
import { TryAgain } from "../ui/TryAgain";
import "../panels/zoo/zoo.css";

/** The zoo: every network there is to begin with or to study, each with a page of its own. */
export function ZooPage() {
  const zoo = useCatalogue((state) => state.zoo);
  const status = useCatalogue((state) => state.status);
  const problem = useCatalogue((state) => state.problem);
  const [query, setQuery] = useState("");
  useEffect(() => {
    document.title = "Networks · CNN playground";
  }, []);
  const groups = useMemo(() => groupsOf(zoo.filter((card) => matches(query, card.title, card.question, card.source, String(card.year ?? "")))), [zoo, query]);
  return (
    <div className="home">
      <SiteTop page="zoo">
        <SearchField words="Find a network" query={query} onQuery={setQuery} />
      </SiteTop>
      <main id="content" className="home-page zoo-page" tabIndex={-1}>
        <div className="zoo-title">
          <h1>Networks</h1>
          <p className="caption">
            From 1990 on, as published and as counted here. <Link href={paths.plane()}>Compare their errors and costs</Link>
          </p>
        </div>
        {status === "failed" && (
          <TryAgain onRetry={() => void loadCatalogue()}>
            The networks could not be loaded. {problem}
          </TryAgain>
        )}
        {status !== "ready" && status !== "failed" && <div className="zoo-ghost" aria-busy="true" aria-label="Loading the networks" />}
        {groups.map(({ title, caption, cards }) => (
          <section key={title} aria-label={title}>
            <div className="home-head">
              <h2>{title}</h2>
              <span className="chip">{cards.length}</span>
              <span className="caption">{caption}</span>
            </div>
            <ul className="cards">
              {cards.map((card) => (
                <ExhibitCard key={card.name} card={card} />
              ))}
            </ul>
          </section>
        ))}
        {query && groups.length === 0 && status === "ready" && <p className="home-nothing">No network is called “{query}”.</p>}
      </main>
    </div>
  );
}
