import { useEffect, useState } from "react";
import { fullCount } from "../../canvas/words";
import type { ZooView } from "../../generated/types";
import { api } from "../../net/api";
import { isAbort, words } from "../../net/errors";
import { Link, paths } from "../../routes";
import { selectTitle, useCatalogue } from "../../store/catalogue";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { Art } from "../home/Art";

/** The network made to fit a data set: what was changed for it and what it then costs, before it is opened. */
export function ScaledOpening({ name, title, usual }: { name: string; title: string; usual: string }) {
  const datasets = useCatalogue((state) => state.datasets);
  const [dataset, setDataset] = useState(usual);
  const [answer, setAnswer] = useState<{ dataset: string; view: ZooView } | { dataset: string; problem: string } | null>(null);
  useEffect(() => {
    const control = new AbortController();
    api.zooNetwork(name, dataset, control.signal).then(
      (view) => setAnswer({ dataset, view }),
      (error: unknown) => {
        if (!isAbort(error)) setAnswer({ dataset, problem: words(error) });
      },
    );
    return () => control.abort();
  }, [name, dataset]);
  const view = answer && "view" in answer ? answer.view : null;
  const current = answer?.dataset === dataset;
  const images = useCatalogue(selectTitle(dataset));
  return (
    <section className="scaled" aria-labelledby="train-it">
      <h2 id="train-it">Train it here</h2>
      <div className="scaled-choice">
        <label htmlFor="scaled-for">On the images of</label>
        <Select id="scaled-for" value={dataset} options={datasets.map((each) => ({ value: each.dataset.name, label: each.dataset.title }))} onChoose={setDataset} />
      </div>
      <div className="scaled-answer" aria-live="polite" aria-busy={!current || undefined}>
        {view && (
          <>
            <Art network={view.network} />
            <p>{view.changed || `${title} fits these images as it is: nothing is changed.`}</p>
            <p className="muted">
              <span className="number">{fullCount(view.parameters)}</span> parameters, <span className="number">{fullCount(view.macs)}</span> multiply-adds
              {view.changed && ". The new experiment keeps this as its note."}
            </p>
          </>
        )}
        {answer && "problem" in answer && <p role="alert">{answer.problem}</p>}
      </div>
      <Link className="button" data-look="main" href={paths.draft(name, dataset)}>
        <Icon name="play" />
        Open for {images}
      </Link>
    </section>
  );
}
