import { shortCount } from "../../canvas/words";
import type { ZooCard } from "../../net/api";
import { Link, paths } from "../../routes";
import { Art } from "../home/Art";

/** A network of the zoo in the gallery; it leads to its page. */
export function ExhibitCard({ card }: { card: ZooCard }) {
  const { title, year, question, parameters, macs, published } = card;
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
            {typeof published?.top5_error === "number" && (
              <>
                , <span className="number">{published.top5_error}%</span> top-5
              </>
            )}
          </p>
        </div>
      </Link>
    </li>
  );
}
