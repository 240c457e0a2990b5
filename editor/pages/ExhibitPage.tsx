import { useEffect, useState } from "react";
import type { Analysis } from "../generated/types";
import type { ZooCard } from "../net/api";
import { words } from "../net/errors";
import { Art } from "../panels/home/Art";
import { analysisOf } from "../panels/home/cardAnalyses";
import { SiteTop } from "../panels/SiteTop";
import { hasErrors, twinOf } from "../panels/zoo/exhibits";
import { ScaledOpening } from "../panels/zoo/ScaledOpening";
import { StageTable } from "../panels/zoo/StageTable";
import { StatedAndCounted } from "../panels/zoo/StatedAndCounted";
import { Link, paths } from "../routes";
import { loadCatalogue, useCatalogue } from "../store/catalogue";
import { imageOf, sizeOf } from "../store/scaled";
import { MissingPage } from "./MissingPage";
import "../panels/zoo/zoo.css";

/** One network of the zoo: its drawing, where it comes from, its numbers, and the ways to open it. */
export function ExhibitPage({ name }: { name: string }) {
  const card = useCatalogue((state) => state.zoo.find((each) => each.name === name));
  const status = useCatalogue((state) => state.status);
  const problem = useCatalogue((state) => state.problem);
  const title = card?.title;
  useEffect(() => {
    document.title = `${title ?? "Networks"} · CNN playground`;
  }, [title]);
  if (status === "failed") return <MissingPage title="The network could not be loaded" message={problem ?? ""} onRetry={() => void loadCatalogue()} />;
  if (status === "ready" && !card) return <MissingPage title="No such network" message="The zoo has no network of this name." />;
  return (
    <div className="home">
      <SiteTop page="exhibit" />
      <main id="content" className="home-page exhibit" tabIndex={-1} aria-busy={card ? undefined : true}>
        {card && <Exhibit card={card} />}
      </main>
    </div>
  );
}

function Exhibit({ card }: { card: ZooCard }) {
  const zoo = useCatalogue((state) => state.zoo);
  const { analysis, problem } = useAnalysis(card);
  const twin = twinOf(card.name, zoo);
  const image = imageOf(card.network);
  const depth = card.depth || analysis?.totals.depth || 0;
  return (
    <>
      <nav className="exhibit-back" aria-label="Where you are">
        <Link href={paths.zoo()}>Networks</Link>
      </nav>
      <div className="exhibit-columns">
        <div className="exhibit-head">
          <div className="exhibit-title">
            <h1>{card.title}</h1>
            <p className="caption">{card.question}</p>
            <dl className="exhibit-facts">
              {card.year !== null && <Fact name="Year" value={String(card.year)} />}
              {depth > 0 && <Fact name="Layers with weights" value={String(depth)} />}
              {image && <Fact name="Takes images of" value={sizeOf(image)} />}
            </dl>
            {card.source && <p className="exhibit-source">{card.source}</p>}
          </div>
          <div className="exhibit-figure">
            <Art network={card.network} ratio={4.2} />
          </div>
        </div>
        <div className="exhibit-numbers">
          <StatedAndCounted card={card} />
          {analysis && <StageTable analysis={analysis} />}
          {problem && (
            <p className="notice" data-tone="warn" role="alert">
              Its stages could not be counted. {problem}
            </p>
          )}
        </div>
        <aside className="exhibit-side" aria-label={`Open ${card.title}`}>
          <ScaledOpening name={card.name} title={card.title} usual={card.dataset} />
          <div className="exhibit-more">
            <Link className="button" href={paths.draft(card.name)}>
              {card.template ? "Open as it is" : "Open as published"}
            </Link>
            {twin && <Link href={paths.exhibit(twin.name)}>{card.name.startsWith("plain") ? `With shortcuts: ${twin.title}` : `Without shortcuts: ${twin.title}`}</Link>}
            {hasErrors(card.published) && <Link href={paths.plane()}>Beside the others, by error and cost</Link>}
          </div>
        </aside>
      </div>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}

function useAnalysis({ network }: ZooCard): { analysis: Analysis | null; problem: string | null } {
  const [found, setFound] = useState<{ analysis: Analysis | null; problem: string | null }>({ analysis: null, problem: null });
  useEffect(() => {
    const control = new AbortController();
    analysisOf(network, JSON.stringify(network), control.signal).then(
      (analysis) => setFound({ analysis, problem: null }),
      (error: unknown) => {
        if (!control.signal.aborted) setFound({ analysis: null, problem: words(error) });
      },
    );
    return () => control.abort();
  }, [network]);
  return found;
}
