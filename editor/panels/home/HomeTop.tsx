import { SiteTop } from "../SiteTop";
import { SearchField } from "../SearchField";

/** The bar over the start page: find an experiment, begin one, or go to the networks there are. */
export function HomeTop({ query, onQuery, searchable }: { query: string; onQuery: (query: string) => void; searchable: boolean }) {
  return <SiteTop page="home">{searchable && <SearchField words="Find an experiment" query={query} onQuery={onQuery} />}</SiteTop>;
}
