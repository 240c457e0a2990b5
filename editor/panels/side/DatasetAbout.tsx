import { useState } from "react";
import { megabytes } from "../../charts/words";
import type { Dataset, DatasetCard, DatasetView } from "../../generated/types";
import { api } from "../../net/api";
import { useCatalogue } from "../../store/catalogue";
import { workerWords } from "../top/WorkerChip";
import { ClassBars } from "./ClassBars";

/** What the images of a data set look like, how many there are of each class, where they come from. */
export function DatasetAbout({ view: { dataset, card }, titled = true }: { view: DatasetView; titled?: boolean }) {
  return (
    <article>
      {titled && <h3 className="data-title">{dataset.title}</h3>}
      <p className="side-text">{dataset.summary}</p>
      {card ? <Samples dataset={dataset} card={card} /> : <NoCard dataset={dataset} />}
      <h4 className="group-name side-head">Images of each class</h4>
      {card ? <ClassBars dataset={dataset} card={card} /> : <Sizes dataset={dataset} />}
      <dl className="data-facts">
        {card && <Fact name="Mean" value={card.mean.map(three).join(", ")} />}
        {card && <Fact name="Spread" value={card.std.map(three).join(", ")} />}
        <Fact name="Licence" value={dataset.licence} words />
      </dl>
      <p className="side-line">{dataset.source}.</p>
    </article>
  );
}

const three = (value: number) => value.toFixed(3);

function Fact({ name, value, words = false }: { name: string; value: string; words?: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={words ? undefined : "number"}>{value}</dd>
    </div>
  );
}

/** The worker's picture: a row for each class. Small images are magnified by whole pixels. */
function Samples({ dataset, card }: { dataset: Dataset; card: DatasetCard }) {
  const [failed, setFailed] = useState(false);
  const rows = dataset.classes.length;
  if (failed) return <p className="side-line">The samples could not be loaded.</p>;
  return (
    <figure className="samples" style={{ "--rows": rows } as Record<string, number>}>
      <div className="samples-classes" aria-hidden="true">
        {dataset.classes.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <img
        src={api.samplesUrl(dataset.name)}
        width={card.columns * card.tile_width}
        height={rows * card.tile_height}
        alt={`${card.columns} images of each of the ${rows} classes of ${dataset.title}`}
        decoding="async"
        onError={() => setFailed(true)}
      />
    </figure>
  );
}

/** Before a worker has shown it: what will be downloaded, or that a worker is missing. */
function NoCard({ dataset }: { dataset: Dataset }) {
  const workers = useCatalogue((state) => state.workers);
  const { missing } = workerWords(workers);
  const [first] = dataset.files;
  if (first)
    return (
      <div className="samples-none">
        <p>
          The worker downloads it when a run first needs it: {megabytes(dataset.files.reduce((sum, file) => sum + file.bytes, 0))} from {new URL(first.url).hostname}.
        </p>
        <p className="side-line">Files in the folder that PLAYGROUND_DATA names are taken instead.</p>
      </div>
    );
  return (
    <div className="samples-none">
      <p>Samples appear when a worker connects.</p>
      {missing && <p className="side-line">“make run” starts the site with one.</p>}
    </div>
  );
}

function Sizes({ dataset }: { dataset: Dataset }) {
  const count = (value: number) => value.toLocaleString("en-GB");
  return (
    <dl className="data-facts">
      <Fact name="Train" value={count(dataset.train - dataset.validation)} />
      <Fact name="Held out" value={count(dataset.validation)} />
      <Fact name="Test" value={count(dataset.test)} />
    </dl>
  );
}
