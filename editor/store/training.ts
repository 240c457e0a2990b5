// From Train to the run's page: its page is drawn while the site saves and queues.
import type { RunView } from "../generated/types";
import { currentRoute, navigate, paths } from "../routes";
import { save, saveAndTrain } from "./autosave";
import { openings, useExperiment } from "./experiment";
import { randomHex } from "./persist";
import { toast } from "./ui";

/** Bytes of a run's id, as many as the site gives it: whoever has its address may look at it. */
const ID_BYTES = 16;

/** The code of the run's page is on its way. */
let fetching = false;

export async function startTraining(): Promise<void> {
  const { status, saving, starting, name } = useExperiment.getState();
  if (fetching || starting !== null) return;
  if (status !== "ready" || saving === "conflict") return void save(); // asks which of both to keep
  const id = randomHex(ID_BYTES);
  const opening = openings();
  fetching = true;
  const store = await import("./run").catch(() => null); // else its page says that it could not be fetched
  fetching = false;
  if (openings() !== opening) return;
  store?.prepare(id, name);
  const begun = saveAndTrain(id, (run) => store?.anticipate(run), go); // asked first: the site works while the page is drawn
  useExperiment.setState({ starting: id });
  await begun;
  if (useExperiment.getState().starting === id) useExperiment.setState({ starting: null });
}

/** To the run's page, but for whoever went elsewhere meanwhile. */
function go(run: RunView) {
  const route = currentRoute();
  if (route.page !== "build" || route.experiment !== run.experiment) {
    toast(`Run ${run.number} of “${run.name}” has begun.`);
    return;
  }
  navigate(paths.train(run.experiment, run.id));
}
