import { useEffect, useRef, useState } from "react";
import { fullCount, shortCount } from "../../canvas/words";
import type { CostView, TwinOffer } from "../../generated/types";
import { aboutApi } from "../../net/about";
import { isAbort, words } from "../../net/errors";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { changeText } from "../NowAndAfter";

interface Props {
  experiment: string;
  onClose: () => void;
  onMade: () => Promise<void>;
}

/** The twins that can be made: each with what it changes and costs, and a press that trains the pair. */
export function TwinsDialog({ experiment, onClose, onMade }: Props) {
  const { offers, problem } = useOffers(experiment);
  const [kind, setKind] = useState<string | null>(null);
  const [making, setMaking] = useState<string | null>(null);
  const make = async (offer: TwinOffer) => {
    setMaking(`${offer.kind} ${offer.option}`);
    try {
      await aboutApi.makeTwin(experiment, offer);
      toast(`${offer.name} is an experiment of its own. Both wait for a worker with the same seed.`);
      await onMade();
    } catch (error) {
      toast(words(error), { tone: "bad" });
      setMaking(null);
    }
  };
  const first = useRef<HTMLButtonElement>(null);
  const found = offers !== null;
  useEffect(() => {
    if (found) first.current?.focus();
  }, [found]);
  const kinds = [...new Map((offers ?? []).map((offer) => [offer.kind, offer])).values()];
  const chosen = kind ?? kinds[0]?.kind;
  return (
    <Dialog title="Make a twin and train both" width={860} onClose={onClose}>
      {problem !== null && (
        <p className="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      {offers === null && problem === null && <div className="twins-ghost ghost" aria-busy="true" aria-label="Looking for twins" />}
      {offers?.length === 0 && <p>This network has no twins while it cannot train. Open Build: it says what is missing.</p>}
      {kinds.length > 0 && (
        <div className="twins">
          <ul className="twins-kinds" aria-label="What differs">
            {kinds.map((each, index) => (
              <li key={each.kind}>
                <button type="button" ref={index === 0 ? first : undefined} aria-pressed={each.kind === chosen} onClick={() => setKind(each.kind)}>
                  {each.title}
                </button>
              </li>
            ))}
          </ul>
          <div className="twins-options scroll">
            <p className="caption">{kinds.find((each) => each.kind === chosen)?.asks}</p>
            <ul>
              {offers
                ?.filter((offer) => offer.kind === chosen)
                .map((offer) => (
                  <Offer key={offer.option} offer={offer} busy={making !== null} onMake={() => void make(offer)} />
                ))}
            </ul>
          </div>
        </div>
      )}
    </Dialog>
  );
}

function Offer({ offer, busy, onMake }: { offer: TwinOffer; busy: boolean; onMake: () => void }) {
  return (
    <li className="twins-offer">
      <div>
        <h3>{offer.label}</h3>
        <p>{offer.says}</p>
        <p className="muted small">{offer.fair}</p>
        {offer.caution && <p className="twins-caution small">{offer.caution}</p>}
        <Costs before={offer.before} after={offer.after} />
      </div>
      <Button look="main" size="small" aria-label={`Train both: ${offer.label}`} blocked={busy ? "On its way" : null} onClick={onMake}>
        Train both
      </Button>
    </li>
  );
}

function Costs({ before, after }: { before: CostView; after: CostView }) {
  const rows: [string, number, number][] = [
    ["Parameters", before.parameters, after.parameters],
    ["Multiply-adds", before.macs, after.macs],
    ["Layers", before.depth, after.depth],
  ];
  const differing = rows.filter(([, was, will]) => was !== will);
  if (differing.length === 0) return <p className="twins-costs muted small">Same parameters, multiply-adds and depth.</p>;
  return (
    <dl className="twins-costs">
      {differing.map(([name, was, will]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="number">
            {brief(was)} → {brief(will)} <span className="twins-change">{changeText(was, will)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const brief = (value: number): string => (value < 1e5 ? fullCount(value) : shortCount(value));

function useOffers(experiment: string): { offers: TwinOffer[] | null; problem: string | null } {
  const [offers, setOffers] = useState<TwinOffer[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const control = new AbortController();
    aboutApi.twins(experiment, control.signal).then(setOffers, (error: unknown) => {
      if (!isAbort(error)) setProblem(words(error));
    });
    return () => control.abort();
  }, [experiment]);
  return { offers, problem };
}
