import { useEffect, useRef, useState } from "react";
import type { GalleryPage as Page } from "../generated/types";
import { isAbort, words } from "../net/errors";
import { type GallerySort, sharingApi } from "../net/sharing";
import { GalleryCardView } from "../panels/gallery/GalleryCardView";
import { SearchField } from "../panels/SearchField";
import { SiteTop } from "../panels/SiteTop";
import { Link, paths } from "../routes";
import { Button } from "../ui/Button";
import { Segmented } from "../ui/Segmented";
import { TryAgain } from "../ui/TryAgain";
import "../panels/gallery/gallery.css";

const SORTS: { value: GallerySort; label: string }[] = [
  { value: "new", label: "Newest" },
  { value: "forks", label: "Most forks" },
];
const TYPING = 200; // ms after the last key

/** Experiments that their owners made public: to look at, to watch, to fork. */
export function GalleryPage() {
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState({ q: "", sort: "new" as GallerySort, page: 1 });
  const [found, setFound] = useState<Page | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [again, setAgain] = useState(0);
  const scrolls = useRef<HTMLDivElement>(null);
  useEffect(() => {
    document.title = "Gallery · CNN playground";
  }, []);
  useEffect(() => {
    const timer = window.setTimeout(() => setAsked((before) => (before.q === query.trim() ? before : { ...before, q: query.trim(), page: 1 })), TYPING);
    return () => window.clearTimeout(timer);
  }, [query]);
  useEffect(() => {
    const control = new AbortController();
    sharingApi.gallery(asked, control.signal).then(
      (page) => {
        setFound(page);
        setProblem(null);
      },
      (error: unknown) => {
        if (!isAbort(error)) setProblem(words(error));
      },
    );
    return () => control.abort();
  }, [asked, again]);
  const turn = (page: number) => {
    setAsked((before) => ({ ...before, page }));
    scrolls.current?.scrollTo({ top: 0 });
  };
  return (
    <div ref={scrolls} className="home">
      <SiteTop page="gallery">
        <SearchField words="Find an experiment" query={query} onQuery={setQuery} />
      </SiteTop>
      <main id="content" className="home-page gallery-page" tabIndex={-1} aria-busy={found ? undefined : true}>
        <div className="gallery-title">
          <div>
            <h1>Gallery</h1>
            <p className="caption">Experiments that people made public, with their runs. Fork one to go on from it.</p>
          </div>
          <Segmented label="Order" value={asked.sort} options={SORTS} onChoose={(sort) => setAsked((before) => ({ ...before, sort, page: 1 }))} />
        </div>
        {problem && (
          <TryAgain onRetry={() => setAgain((count) => count + 1)}>
            The gallery could not be loaded. {problem}
          </TryAgain>
        )}
        {found && found.cards.length > 0 && (
          <ul className="cards">
            {found.cards.map((card) => (
              <GalleryCardView key={card.id} card={card} />
            ))}
          </ul>
        )}
        {found && found.cards.length === 0 && <Empty query={asked.q} />}
        {found && found.pages > 1 && (
          <nav className="gallery-pages" aria-label="Pages of the gallery">
            <Button blocked={found.page > 1 ? null : "This is the first page"} onClick={() => turn(found.page - 1)}>
              Newer
            </Button>
            <span className="muted">
              Page {found.page} of {found.pages}, {found.total.toLocaleString("en-GB")} experiments
            </span>
            <Button blocked={found.page < found.pages ? null : "This is the last page"} onClick={() => turn(found.page + 1)}>
              Further
            </Button>
          </nav>
        )}
      </main>
    </div>
  );
}

function Empty({ query }: { query: string }) {
  if (query) return <p className="home-nothing">No public experiment is called “{query}”.</p>;
  return (
    <div className="gallery-empty">
      <h2>Nothing is public yet</h2>
      <p>Open one of your experiments, press Share and choose Public. It stands here then, with its runs, and you can take it back at any time.</p>
      <Link className="button" data-look="main" href={paths.home()}>
        Your experiments
      </Link>
    </div>
  );
}
