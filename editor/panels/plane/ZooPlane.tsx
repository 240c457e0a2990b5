import { useMemo, useState } from "react";
import type { ZooCard } from "../../net/api";
import { Link, paths } from "../../routes";
import { useCatalogue } from "../../store/catalogue";
import { Segmented } from "../../ui/Segmented";
import { PlaneFrame } from "./PlaneFrame";
import type { Column } from "./PlaneTable";
import { type CostKind, COSTS, costAxis, type ErrorKind, errorAxis, ERRORS, errorWords, fullCount, otherCost } from "./quantities";
import { denseSentence, type DenseShare, sameClass, throughTheYears } from "./statements";
import { useDenseShares } from "./useDenseShares";
import { alikeOf, inSeries, type Series, SERIES } from "./series";
import { marksShown, usualError, wayOf, type ZooPoint, zooPoints } from "./zooPoints";

const percent = (value: number | null) => (value === null ? "–" : errorWords(value));

const COLUMNS: readonly Column<ZooPoint>[] = [
  { title: "Network", value: ({ card }) => card.title, words: true },
  { title: "Year", value: ({ card }) => card.year, shown: ({ card }) => String(card.year ?? "–") },
  { title: "Layers", value: ({ card }) => card.depth || null },
  { title: "Multiply-adds", value: ({ card }) => card.macs },
  { title: "Parameters", value: ({ card }) => card.parameters },
  { title: "Top-1 error, %", value: ({ published }) => published.top1_error, shown: ({ published }) => percent(published.top1_error) },
  { title: "Top-5 error, %", value: ({ published }) => published.top5_error, shown: ({ published }) => percent(published.top5_error) },
  { title: "Measured by", value: ({ published }) => wayOf(published), words: true },
  { title: "Source", value: ({ published, card }) => published.source || card.source, words: true },
];

/** The published networks: what each errs on ImageNet for what it costs. */
export function ZooPlane() {
  const all = useCatalogue((state) => state.zoo);
  const status = useCatalogue((state) => state.status);
  const [series, setSeries] = useState<Series>("papers");
  const zoo = useMemo(() => inSeries(all, series), [all, series]);
  const usual = useMemo(() => usualError(zoo), [zoo]);
  const [chosen, setError] = useState<ErrorKind | null>(null);
  const [cost, setCost] = useState<CostKind>("macs");
  const error = chosen ?? usual;
  const points = useMemo(() => zooPoints(zoo, error, cost), [zoo, error, cost]);
  const marks = useMemo(() => marksShown(points), [points]);
  return (
    <>
      <PlaneFrame
        title="Published networks by error and cost"
        what="Published networks"
        points={points}
        columns={COLUMNS}
        costWords={costAxis(cost)}
        errorWords={errorAxis(error)}
        sizeWords={costAxis(otherCost(cost))}
        markWords="Measured by"
        marks={marks}
        Card={ZooFacts}
        file={`zoo-${series === "alike" ? "alike-" : ""}${error === "top1_error" ? "top-1" : "top-5"}-${cost === "macs" ? "multiply-adds" : "parameters"}`}
        empty={status === "ready" ? <Nothing /> : <p aria-busy="true">Loading the networks</p>}
      >
        <Segmented label="Error" value={error} options={ERRORS} onChoose={setError} />
        <Segmented label="Cost" value={cost} options={COSTS} onChoose={setCost} />
        {all.some((card) => alikeOf(card) !== null) && <Segmented label="How errors were measured" value={series} options={SERIES} onChoose={setSeries} />}
      </PlaneFrame>
      <Aside zoo={zoo} points={points} series={series} />
    </>
  );
}

const AS_IN_PAPERS =
  "Costs are counted here for one image, a multiply-add counting 1. Errors are the papers’, in percent of ImageNet’s validation images; those measured on more crops or sizes come out lower, so compare dots with the same outline.";
const ALIKE =
  "Errors are in percent of ImageNet’s validation images, all measured in the same way on weights that can be downloaded. Costs are those of the version that was measured, for one image, a multiply-add counting 1.";

function Nothing() {
  return (
    <>
      <h2>No published errors yet</h2>
      <p>The networks of the zoo stand here once their papers’ ImageNet errors are entered.</p>
      <Link className="button" data-look="main" href={paths.zoo()}>
        Look at the networks
      </Link>
    </>
  );
}

function ZooFacts({ point: { card, published } }: { point: ZooPoint }) {
  return (
    <>
      <h3>
        {card.title} {card.year !== null && <small>{card.year}</small>}
      </h3>
      <dl>
        <Fact name="Top-1, top-5 error" value={`${percent(published.top1_error)}, ${percent(published.top5_error)}`} />
        <Fact name="Multiply-adds" value={fullCount(card.macs)} />
        <Fact name="Parameters" value={fullCount(card.parameters)} />
        {card.depth > 0 && <Fact name="Layers" value={String(card.depth)} />}
      </dl>
      <p>
        {wayOf(published)}. {published.source || card.source}
      </p>
    </>
  );
}

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="number">{value}</dd>
    </div>
  );
}

/** What is seen in the plane, in sentences whose numbers are those that are drawn. */
function Aside({ zoo, points, series }: { zoo: readonly ZooCard[]; points: readonly ZooPoint[]; series: Series }) {
  const cards = useMemo(() => points.map(({ card }) => card).toSorted((a, b) => (a.year ?? 0) - (b.year ?? 0) || a.macs - b.macs), [points]);
  const shares = useDenseShares(cards);
  const statements = useMemo(() => [throughTheYears(zoo), sameClass(zoo)].filter((each) => each !== null), [zoo]);
  return (
    <aside className="plane-aside scroll" aria-label="What the plane shows">
      {statements.map(({ title, text }) => (
        <section key={title}>
          <h2>{title}</h2>
          <p>{text}</p>
        </section>
      ))}
      {shares.length > 0 && <DenseBars shares={shares} />}
      <section>
        <h2>How to read it</h2>
        <p>Down and to the left is better: fewer errors, for less. The line joins the networks that no other beats at their cost.</p>
        <p className="muted">{series === "papers" ? AS_IN_PAPERS : ALIKE}</p>
      </section>
    </aside>
  );
}

function DenseBars({ shares }: { shares: readonly DenseShare[] }) {
  return (
    <section>
      <h2>Where the dense layers sit</h2>
      <p>{denseSentence(shares)}</p>
      <table className="dense-bars">
        <caption className="unseen">Share of the parameters that dense layers hold</caption>
        <tbody>
          {shares.map(({ card, dense, total }) => (
            <tr key={card.name}>
              <th scope="row">
                <Link href={paths.exhibit(card.name)}>{card.title}</Link>
              </th>
              <td title={`${fullCount(dense)} of ${fullCount(total)} parameters`}>
                <span className="dense-room">
                  <span className="dense-bar" style={{ width: `${(100 * dense) / total}%` }} />
                </span>
                <span className="number">{Math.round((100 * dense) / total)}%</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
