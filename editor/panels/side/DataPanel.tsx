import { useState } from "react";
import { applyFix } from "../../actions/session";
import type { Dataset, DatasetCard, DatasetView } from "../../generated/types";
import { api } from "../../net/api";
import { useStore } from "../../store";
import { useCatalogue } from "../../store/catalogue";
import { chooseDataset, outputFix } from "../../store/dataset";
import { useExperiment } from "../../store/experiment";
import { Button } from "../../ui/Button";
import { workerWords } from "../top/WorkerChip";
import { CatalogueProblem } from "./CatalogueProblem";
import { ClassBars } from "./ClassBars";

/** The data sets: what the images look like, how many there are of each class, where they come from. */
export function DataPanel() {
  const datasets = useCatalogue((state) => state.datasets);
  const name = useExperiment((state) => String(state.recipe.dataset ?? ""));
  if (datasets.length === 0) return <CatalogueProblem waiting={<p className="side-line">Loading the data sets</p>} />;
  const chosen = datasets.find((view) => view.dataset.name === name);
  return (
    <div className="side-section">
      <DatasetChoice datasets={datasets} chosen={name} />
      {chosen && <OutputFix />}
      {chosen && <About view={chosen} />}
    </div>
  );
}

function DatasetChoice({ datasets, chosen }: { datasets: DatasetView[]; chosen: string }) {
  return (
    <fieldset className="data-choice">
      <legend className="unseen">Data set</legend>
      {datasets.map(({ dataset }) => (
        <label key={dataset.name}>
          <input type="radio" name="dataset" checked={dataset.name === chosen} onChange={() => chooseDataset(dataset.name)} />
          <span className="data-choice-name">{dataset.title}</span>
          <span className="number">
            {dataset.height}×{dataset.width}×{dataset.channels}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Where the network's end does not fit the data set's classes, the site's own way out as one press. */
function OutputFix() {
  const notice = useStore(outputFix);
  if (!notice?.fix) return null;
  const { fix } = notice;
  return (
    <div className="notice" data-tone="warn">
      <p>{notice.message}</p>
      <Button size="small" onClick={() => void applyFix(notice)}>
        {fix.label}
      </Button>
    </div>
  );
}

function About({ view: { dataset, card } }: { view: DatasetView }) {
  return (
    <article>
      <h3 className="data-title">{dataset.title}</h3>
      <p className="side-text">{dataset.summary}</p>
      {card ? <Samples dataset={dataset} card={card} /> : <NoCard />}
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

function NoCard() {
  const workers = useCatalogue((state) => state.workers);
  const { missing } = workerWords(workers);
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
