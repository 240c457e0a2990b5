import { Link, paths } from "../routes";
import { Tooltip } from "../ui/Tooltip";

interface ExperimentViewsProps {
  /** null: a draft that was never saved. */
  experiment: string | null;
  mine: boolean;
  current: "Build" | "Train" | "About";
  /** The run that Train leads to: the shown one, else the newest. */
  run: string | null;
  /** Whether its page is open to this visitor. */
  about?: boolean;
  /** Runs that a visitor may compare; the owner is led to the newest of the experiment. */
  compared?: readonly string[];
}

/** The views of one experiment, in every bar over them. */
export function ExperimentViews({ experiment, mine, current, run, about = true, compared }: ExperimentViewsProps) {
  const hrefs: [name: string, href: string | null, why: string][] = [];
  if (mine) hrefs.push(["Build", experiment && paths.build(experiment), ""]);
  hrefs.push(["Train", experiment && run ? paths.train(experiment, run) : null, mine ? "Nothing was trained yet: press Train on Build" : "Nothing was trained yet"]);
  if (about) hrefs.push(["About", experiment && paths.about(experiment), "Save the network first: a draft has no past"]);
  hrefs.push(["Compare", mine && experiment ? paths.compareExperiment(experiment) : paths.compare(compared), ""]);
  return (
    <nav className="tabs" aria-label="Views">
      {hrefs.map(([name, href, why]) =>
        name === current ? (
          <a key={name} href={href ?? "#content"} aria-current="page" onClick={(event) => event.preventDefault()}>
            {name}
          </a>
        ) : href !== null ? (
          <Link key={name} href={href}>
            {name}
          </Link>
        ) : (
          <Tooltip key={name} text={why}>
            <button type="button" aria-disabled="true">
              {name}
            </button>
          </Tooltip>
        ),
      )}
    </nav>
  );
}
