import type { GalleryCard } from "../../generated/types";
import { Link, paths } from "../../routes";
import { Chip } from "../../ui/Chip";
import { Art } from "../home/Art";
import { agoWords, percentRight } from "../runWords";

/** A public experiment: its drawing, its best figure, and what others made of it. */
export function GalleryCardView({ card }: { card: GalleryCard }) {
  const { accuracy, measured_on: on } = card;
  return (
    <li className="card">
      <Link className="card-link" href={paths.about(card.id)}>
        <Art network={card.network} />
        <div className="card-body">
          <h3 title={card.name}>{card.name}</h3>
          {card.mine && (
            <span className="gallery-mine">
              <Chip>yours</Chip>
            </span>
          )}
          <p className="card-facts">
            {card.dataset_title}
            {accuracy === null ? (card.runs === 0 ? ", not trained" : ", no result yet") : ", "}
            {accuracy !== null && (
              <span className="card-result" title={`The best of ${card.runs === 1 ? "its run" : `its ${card.runs} runs`}, on the ${on === "test" ? "test" : "held-out"} images`}>
                {percentRight(accuracy)} {on === "test" ? "test" : "held-out"} accuracy
              </span>
            )}
          </p>
          <p className="card-facts gallery-foot">
            {card.forks === 0 ? "no forks" : card.forks === 1 ? "1 fork" : `${card.forks} forks`}, published {agoWords(card.published)}
          </p>
        </div>
      </Link>
    </li>
  );
}
