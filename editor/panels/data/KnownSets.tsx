import { useState } from "react";
import type { DatasetView } from "../../generated/types";
import { Link, paths } from "../../routes";
import { DatasetAbout } from "../side/DatasetAbout";

/** The data sets that every site knows. */
export function KnownSets({ views }: { views: DatasetView[] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <ul className="own-sets">
      {views.map((view) => {
        const { name, title, height, width, channels, classes, train, test } = view.dataset;
        const shown = open === name;
        return (
          <li key={name} className="own-set" data-open={shown || undefined}>
            <div className="own-set-head">
              <button type="button" className="own-set-name" aria-expanded={shown} onClick={() => setOpen(shown ? null : name)}>
                <b>{title}</b>
                <span className="muted">
                  {height}×{width}×{channels}, {classes.length} classes, {(train + test).toLocaleString("en-GB")} images
                </span>
              </button>
              <Link className="button" data-size="small" data-look="quiet" href={paths.draft("lenet-5", name)}>
                Train LeNet-5 on it
              </Link>
            </div>
            {shown && <DatasetAbout view={view} titled={false} />}
          </li>
        );
      })}
    </ul>
  );
}
