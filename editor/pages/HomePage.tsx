import { useEffect, useMemo, useState } from "react";
import { DraftCardView } from "../panels/home/DraftCards";
import { EmptyHome } from "../panels/home/EmptyHome";
import { ExperimentCardView } from "../panels/home/ExperimentCards";
import { HomeTop } from "../panels/home/HomeTop";
import { matches, type Order, ORDERS, sorted } from "../panels/home/sorting";
import { Templates } from "../panels/home/Templates";
import { type Experiments, useExperiments } from "../panels/home/useExperiments";
import { stateWords } from "../panels/runWords";
import { openedTimes } from "../store/opened";
import { type Draft, dropDraft, unsavedNetworks, writeDraft } from "../store/persist";
import { toast } from "../store/ui";
import { Select } from "../ui/Select";
import { TryAgain } from "../ui/TryAgain";

/** The start page: the user's experiments and the templates. */
export function HomePage() {
  const list = useExperiments();
  const [query, setQuery] = useState("");
  const [drafts, setDrafts] = useState<Draft[]>(unsavedNetworks);
  useEffect(() => {
    document.title = "CNN playground";
    const again = () => setDrafts(unsavedNetworks());
    window.addEventListener("storage", again);
    return () => window.removeEventListener("storage", again);
  }, []);
  const discard = (draft: Draft) => {
    const back = () => {
      writeDraft(draft);
      setDrafts(unsavedNetworks());
    };
    dropDraft(draft.slot);
    setDrafts(unsavedNetworks());
    toast(`The draft ${draft.name} was discarded.`, { action: { label: "Undo", onPress: back } });
  };
  const empty = list.cards?.length === 0 && drafts.length === 0;
  return (
    <div className="home">
      <HomeTop query={query} onQuery={setQuery} searchable={!empty} />
      <main id="content" className="home-page" tabIndex={-1}>
        <h1 className="unseen">CNN playground</h1>
        {empty ? <EmptyHome /> : <Yours list={list} drafts={drafts} query={query} onDiscard={discard} />}
        <Templates />
      </main>
    </div>
  );
}

interface YoursProps {
  list: Experiments;
  drafts: Draft[];
  query: string;
  onDiscard: (draft: Draft) => void;
}

function Yours({ list, drafts, query, onDiscard }: YoursProps) {
  const [order, setOrder] = useState<Order>("opened");
  const { cards, problem } = list;
  const shown = useMemo(
    () => sorted(cards ?? [], order, openedTimes()).filter((card) => matches(query, card.name, card.dataset, card.latest && stateWords(card.latest)?.text)),
    [cards, order, query],
  );
  const shownDrafts = drafts.filter((draft) => matches(query, draft.name, "draft"));
  const count = (cards?.length ?? 0) + drafts.length;
  return (
    <section aria-labelledby="experiments">
      <div className="home-head">
        <h2 id="experiments">Your experiments</h2>
        {cards && <span className="chip">{count}</span>}
        {count > 1 && (
          <span className="home-right home-sort">
            <label htmlFor="sort">Sort by</label>
            <Select id="sort" value={order} options={ORDERS} onChoose={(value) => setOrder(value as Order)} />
          </span>
        )}
      </div>
      {problem && <ListProblem problem={problem} onRetry={() => void list.refresh()} stale={cards !== null} />}
      {cards === null && !problem && <CardGhosts />}
      <ul className="cards" aria-live="off">
        {shownDrafts.map((draft) => (
          <DraftCardView key={draft.slot} draft={draft} onDiscard={() => onDiscard(draft)} />
        ))}
        {shown.map((card) => (
          <ExperimentCardView key={card.id} card={card} list={list} />
        ))}
      </ul>
      {query && shown.length + shownDrafts.length === 0 && cards && <p className="home-nothing">No experiment is called “{query}”.</p>}
    </section>
  );
}

function ListProblem({ problem, stale, onRetry }: { problem: string; stale: boolean; onRetry: () => void }) {
  return (
    <TryAgain tone={stale ? "warn" : "bad"} onRetry={onRetry}>
      {stale ? "What you see may be out of date." : "Your experiments could not be loaded."} {problem}
    </TryAgain>
  );
}

function CardGhosts() {
  return (
    <ul className="cards" aria-busy="true" aria-label="Loading your experiments">
      {[0, 1, 2, 3].map((place) => (
        <li key={place} className="card" aria-hidden="true">
          <div className="card-art" />
          <div className="card-body">
            <span className="ghost" style={{ width: "60%", height: 18 }} />
            <span className="ghost" style={{ width: "40%", height: 14, marginTop: 8 }} />
          </div>
        </li>
      ))}
    </ul>
  );
}
