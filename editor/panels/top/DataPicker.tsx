import { navigate, paths } from "../../routes";
import { chooseDataset } from "../../store/dataset";
import { selectTitle, useCatalogue } from "../../store/catalogue";
import { useExperiment } from "../../store/experiment";
import { showSide } from "../../store/ui";
import { Icon } from "../../ui/Icon";
import { Menu, type MenuItem } from "../../ui/Menu";

/** The data set at hand; choosing another one sets the input block. */
export function DataPicker() {
  const name = useExperiment((state) => String(state.recipe.dataset ?? ""));
  const ready = useExperiment((state) => state.status === "ready");
  const datasets = useCatalogue((state) => state.datasets);
  const title = useCatalogue(selectTitle(name));
  const chosen = datasets.find((view) => view.dataset.name === name)?.dataset;
  const items: (MenuItem | null)[] = datasets.map(({ dataset }) => ({
    label: dataset.title,
    hint: sizeWords(dataset),
    chosen: dataset.name === name,
    onSelect: () => chooseDataset(dataset.name),
  }));
  items.push(
    null,
    { label: "About the data", icon: "image", onSelect: () => showSide("data") },
    { label: "Add your own images…", icon: "upload", onSelect: () => navigate(paths.data()) },
  );
  if (!ready) return null;
  return (
    <Menu label="Data" items={items} align="end">
      <button type="button" className="picker">
        <span className="muted">Data</span> <span>{title || "none"}</span>
        {chosen && <span className="number muted">{sizeWords(chosen)}</span>}
        <Icon name="down" />
      </button>
    </Menu>
  );
}

const sizeWords = ({ height, width, channels }: { height: number; width: number; channels: number }) => `${height}×${width}×${channels}`;
