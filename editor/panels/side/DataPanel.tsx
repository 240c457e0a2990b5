import { applyFix } from "../../actions/session";
import type { DatasetView } from "../../generated/types";
import { Link, paths } from "../../routes";
import { useStore } from "../../store";
import { useCatalogue } from "../../store/catalogue";
import { chooseDataset, outputFix } from "../../store/dataset";
import { useExperiment } from "../../store/experiment";
import { Button } from "../../ui/Button";
import { CatalogueProblem } from "./CatalogueProblem";
import { DatasetAbout } from "./DatasetAbout";

/** The data sets: what the images look like, how many there are of each class, where they come from. */
export function DataPanel() {
  const datasets = useCatalogue((state) => state.datasets);
  const name = useExperiment((state) => String(state.recipe.dataset ?? ""));
  if (datasets.length === 0) return <CatalogueProblem waiting={<p className="side-line">Loading the data sets</p>} />;
  const chosen = datasets.find((view) => view.dataset.name === name);
  return (
    <div className="side-section">
      <DatasetChoice datasets={datasets} chosen={name} />
      <p className="side-line">
        <Link href={paths.data()}>Add your own images</Link>
      </p>
      {chosen && <OutputFix />}
      {chosen && <DatasetAbout view={chosen} />}
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
