import type { ZooCard } from "../../net/api";
import { Link, paths } from "../../routes";
import { Art } from "./Art";

export const hasBlocks = (card: ZooCard) => Array.isArray(card.network.nodes) && card.network.nodes.length > 0;

/** A template opens at once; any other network leads to its page, which says what can be done with it. */
export function TemplateCard({ card, facts = false }: { card: ZooCard; facts?: boolean }) {
  return (
    <li className="card card-template">
      <Link className="card-link" href={card.template ? paths.draft(card.name) : paths.exhibit(card.name)}>
        <Art network={card.network} />
        <div className="card-body">
          <h3>{card.title}</h3>
          <p className="card-question">{card.question}</p>
          {facts && <TemplateFacts card={card} />}
        </div>
      </Link>
    </li>
  );
}

function TemplateFacts({ card }: { card: ZooCard }) {
  return (
    <p className="card-facts" title={card.source}>
      {card.parameters.toLocaleString("en-GB")} weights{card.source ? `. ${card.source}` : ""}
    </p>
  );
}
