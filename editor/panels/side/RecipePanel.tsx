import { selectDataset, useCatalogue } from "../../store/catalogue";
import { chooseDataset } from "../../store/dataset";
import { setInvalid, setRecipe, useExperiment } from "../../store/experiment";
import { showSide } from "../../store/ui";
import { FieldForm } from "../../ui/FieldForm";
import { errorsFrom } from "../../ui/fieldLogic";
import { Select } from "../../ui/Select";
import { useWorkers, workerWords } from "../top/WorkerChip";
import { Chip } from "../../ui/Chip";
import { CatalogueProblem } from "./CatalogueProblem";
import { groupsOf, OF_THE_DATA, stepsOf } from "./groups";

/** How the network is trained: a form made from the recipe's fields, in groups. */
export function RecipePanel() {
  const fields = useCatalogue((state) => state.recipeFields);
  const recipe = useExperiment((state) => state.recipe);
  const problem = useExperiment((state) => state.saveProblem);
  const ready = useExperiment((state) => state.status === "ready");
  if (fields.length === 0 || !ready) return <CatalogueProblem waiting={<RecipeGhost />} />;
  const errors = problem ? errorsFrom(problem.path, problem.message, fields) : {};
  const form = (names: string[]) => (
    <FieldForm fields={fields} only={names} values={recipe} errors={errors} onChange={setRecipe} onInvalid={setInvalid} />
  );
  return (
    <div className="side-section">
      <section className="form-group">
        <h3 className="group-name">Data</h3>
        <DataRow />
        {form(OF_THE_DATA)}
      </section>
      {groupsOf(fields).map(({ title, names }) => (
        <section key={title} className="form-group">
          <h3 className="group-name">{title}</h3>
          {form(names)}
          {title === "Length" && <StepsLine />}
          {title === "Machine" && <WorkerLine />}
        </section>
      ))}
    </div>
  );
}

function DataRow() {
  const datasets = useCatalogue((state) => state.datasets);
  const chosen = useExperiment((state) => String(state.recipe.dataset ?? ""));
  return (
    <>
      <div className="field">
        <div className="field-label">
          <label htmlFor="recipe-dataset">Data set</label>
        </div>
        <div className="field-control">
          <Select
            id="recipe-dataset"
            value={chosen}
            options={datasets.map(({ dataset }) => ({ value: dataset.name, label: dataset.title, help: dataset.summary }))}
            onChoose={chooseDataset}
          />
        </div>
      </div>
      <p className="side-line">
        <ImagesLine name={chosen} />{" "}
        <button type="button" className="link-button" onClick={() => showSide("data")}>
          See samples
        </button>
      </p>
    </>
  );
}

function ImagesLine({ name }: { name: string }) {
  const dataset = useCatalogue(selectDataset(name))?.dataset;
  if (!dataset) return null;
  return (
    <>
      {(dataset.train - dataset.validation).toLocaleString("en-GB")} images, {dataset.classes.length} classes.
    </>
  );
}

function StepsLine() {
  const recipe = useExperiment((state) => state.recipe);
  const dataset = useCatalogue(selectDataset(String(recipe.dataset ?? "")))?.dataset;
  const steps = stepsOf(recipe, dataset && dataset.train - dataset.validation);
  if (steps === null) return null;
  return <p className="side-line">{steps.toLocaleString("en-GB")} steps in all.</p>;
}

function WorkerLine() {
  const workers = useCatalogue((state) => state.workers);
  const known = useCatalogue((state) => state.workersKnown);
  useWorkers();
  if (!known) return null;
  const { text, why, missing } = workerWords(workers);
  return (
    <div className="side-worker">
      <Chip icon={missing ? "warn" : "worker"} tone={missing ? "warn" : "plain"}>
        {text}
      </Chip>
      {missing && <p className="side-line">{why}</p>}
    </div>
  );
}

const ROWS = [0, 1, 2, 3, 4, 5, 6, 7];

function RecipeGhost() {
  return (
    <div className="side-section" aria-busy="true">
      {ROWS.map((row) => (
        <div key={row} className="side-ghost-row">
          <span className="ghost" />
          <span className="ghost" />
        </div>
      ))}
    </div>
  );
}
