import { shortCount } from "../../canvas/words";
import type { Published } from "../../generated/types";
import type { ZooCard } from "../../net/api";
import { Link, paths } from "../../routes";
import { errorWords } from "../plane/quantities";
import { Art } from "../home/Art";

/** "top-5 error 6.71%", or the top-1 error where only that was published. */
function publishedError({ top1_error: top1, top5_error: top5 }: Published): string | null {
  if (top5 !== null) return `top-5 error ${errorWords(top5)}`;
  return top1 === null ? null : `top-1 error ${errorWords(top1)}`;
}

/** A network of the zoo in the gallery; it leads to its page. */
export function ExhibitCard({ card }: { card: ZooCard }) {
  const { title, year, question, parameters, macs, published } = card;
  const error = published && publishedError(published);
  return (
    <li className="card card-template">
      <Link className="card-link" href={paths.exhibit(card.name)}>
        <Art network={card.network} />
        <div className="card-body">
          <h3>{title}</h3>
          {year !== null && <span className="card-year number">{year}</span>}
          <p className="card-question">{question}</p>
          <p className="card-facts">
            <span className="number">{shortCount(parameters)}</span> parameters, <span className="number">{shortCount(macs)}</span> multiply-adds
            {error && <span className="card-error">{error}</span>}
          </p>
        </div>
      </Link>
    </li>
  );
}
