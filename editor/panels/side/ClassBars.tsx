import type { Dataset, DatasetCard } from "../../generated/types";

const SPLITS = [
  { name: "train", key: "train_counts" },
  { name: "held out", key: "validation_counts" },
  { name: "test", key: "test_counts" },
] as const;

/** Images of each class in the three parts, as bars on one scale for each part, with the counts beside them. */
export function ClassBars({ dataset, card }: { dataset: Dataset; card: DatasetCard }) {
  const largest = SPLITS.map(({ key }) => Math.max(1, ...card[key]));
  return (
    <table className="class-bars">
      <thead>
        <tr>
          <th scope="col">class</th>
          {SPLITS.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {dataset.classes.map((name, row) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {SPLITS.map(({ key }, split) => (
              <Bar key={key} count={card[key][row] ?? 0} share={(card[key][row] ?? 0) / (largest[split] ?? 1)} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Bar({ count, share }: { count: number; share: number }) {
  return (
    <td>
      <span className="class-bar" style={{ width: `${(100 * share).toFixed(1)}%` }} />
      <span className="number">{count.toLocaleString("en-GB")}</span>
    </td>
  );
}
