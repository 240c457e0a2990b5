import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { short, whole } from "../../../charts/words";
import type { Mistake } from "../../../generated/types";
import type { EvaluationView, MistakesView, Split } from "../../../live/inside";
import { DEFINITIONS } from "../definitions";
import { DataTable, PanelHead } from "../PanelHead";
import { chance, countOf, isOf, type Kind, kindWords, mistakeWords, shortChance } from "./kinds";
import { MistakeImage } from "./MistakeImage";
import { columnsOf, walk } from "./walk";

interface MistakesPanelProps {
  evaluation: EvaluationView;
  mistakes: MistakesView | undefined;
  names: readonly string[];
  picked: Kind | null;
  onPick: (kind: Kind | null) => void;
  stepsPerEpoch: number;
  /** Nothing more will come. */
  over: boolean;
}

/** What the positions count. */
const WHERE: Record<Split, string> = { train: "Training image", validation: "Held-out training image", test: "Test image" };

/** The images the network was most wrong about, or those of one kind of mistake. */
export function MistakesPanel({ evaluation, mistakes, names, picked, onPick, stepsPerEpoch, over }: MistakesPanelProps) {
  const [table, setTable] = useState(false);
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const shown = mistakes ? listed(mistakes, picked) : [];
  useEffect(() => setChosen(0), [mistakes, picked]);
  const at = shown[Math.min(chosen, shown.length - 1)];
  const press = (event: KeyboardEvent) => {
    if (!list.current) return;
    const next = walk(event.key, chosen, shown.length, columnsOf(list.current));
    if (next === null) return;
    event.preventDefault();
    event.stopPropagation();
    setChosen(next);
    list.current.querySelectorAll("button")[next]?.focus();
  };
  const title = picked ? kindWords(picked, names) : "Worst mistakes";
  return (
    <section className="side-panel mistakes-panel" aria-label="Worst mistakes">
      <PanelHead title={title} definition={DEFINITIONS.mistakes} fact={counted(evaluation, mistakes, picked, shown.length, stepsPerEpoch)} table={table} onTable={shown.length > 0 ? setTable : undefined} />
      {picked && (
        <button type="button" className="link-button mistakes-all" onClick={() => onPick(null)}>
          Show the worst of all
        </button>
      )}
      {!mistakes || at === undefined ? (
        <p className="panel-empty">{nothing(evaluation, mistakes, picked, over)}</p>
      ) : table ? (
        <DataTable
          caption={title}
          head={["Image", "True", "Said", "Said with", "True with", "Loss"]}
          rows={shown.map((index) => tableRow(mistakes.mistakes[index] as Mistake, names))}
        />
      ) : (
        <>
          <Detail mistakes={mistakes} index={at} names={names} />
          <ul ref={list} className="mistakes" aria-label={title}>
            {shown.map((index, place) => {
              const mistake = mistakes.mistakes[index] as Mistake;
              return (
                <li key={mistake.position}>
                  <button
                    type="button"
                    tabIndex={place === Math.min(chosen, shown.length - 1) ? 0 : -1}
                    aria-pressed={index === at}
                    onClick={() => setChosen(place)}
                    onFocus={() => setChosen(place)}
                    onKeyDown={press}
                  >
                    <MistakeImage mistakes={mistakes} index={index} />
                    <span className="mistake-said">
                      {names[mistake.truth]}, said {names[mistake.said]}
                    </span>
                    <span className="mistake-chance">{shortChance(mistake.said_probability)}</span>
                  </button>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </section>
  );
}

/** Positions in the record: the worst, or all of a kind with the highest loss first. */
export function listed(mistakes: MistakesView, picked: Kind | null): number[] {
  const all = mistakes.mistakes.map((_, index) => index);
  if (!picked) return all.slice(0, mistakes.worst);
  const loss = (index: number) => mistakes.mistakes[index]?.loss ?? Number.POSITIVE_INFINITY;
  return all.filter((index) => isOf(mistakes.mistakes[index] as Mistake, picked)).sort((one, other) => loss(other) - loss(one) || one - other);
}

/** The chosen image enlarged, with all that is known of it. */
function Detail({ mistakes, index, names }: { mistakes: MistakesView; index: number; names: readonly string[] }) {
  const mistake = mistakes.mistakes[index] as Mistake;
  const [height, width] = mistakes.original;
  const reduced = height > mistakes.height || width > mistakes.width;
  return (
    <figure className="mistake-detail">
      <MistakeImage mistakes={mistakes} index={index} />
      <figcaption>
        <b>{mistakeWords(mistake, names)}</b>
        <span>{`True class with ${chance(mistake.truth_probability)}, loss ${mistake.loss === null ? "no number" : short(mistake.loss)}`}</span>
        <span>{`${WHERE[mistakes.split]} ${whole(mistake.position)}${reduced ? `; scaled down from ${height}×${width}` : ""}`}</span>
      </figcaption>
    </figure>
  );
}

function tableRow(mistake: Mistake, names: readonly string[]): string[] {
  return [
    whole(mistake.position),
    names[mistake.truth] ?? String(mistake.truth),
    names[mistake.said] ?? String(mistake.said),
    chance(mistake.said_probability),
    chance(mistake.truth_probability),
    mistake.loss === null ? "no number" : short(mistake.loss),
  ];
}

function counted(evaluation: EvaluationView, mistakes: MistakesView | undefined, picked: Kind | null, shown: number, stepsPerEpoch: number): string {
  if (!mistakes) return "";
  const other = mistakes.step !== evaluation.step;
  const when = other ? `, epoch ${whole(mistakes.step / stepsPerEpoch)}` : "";
  const total = !picked ? mistakes.wrong : other ? null : countOf(evaluation, picked);
  return total === null ? `${whole(shown)}${when}` : `${whole(shown)} of ${whole(total)}${when}`;
}

function nothing(evaluation: EvaluationView, mistakes: MistakesView | undefined, picked: Kind | null, over: boolean): string {
  if (!mistakes && evaluation.accuracy === 1) return "Nothing was wrong";
  if (!mistakes) return over ? "No images of mistakes were kept up to here" : "The images come with one of the next epochs";
  if (mistakes.wrong === 0) return "Nothing was wrong";
  if (picked && mistakes.step === evaluation.step && countOf(evaluation, picked) === 0) return "There is no such mistake";
  return "Images are kept of the worst mistakes and of the most frequent kinds; none of these is among them";
}
