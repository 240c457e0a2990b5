// From Train to the run's page: save, queue, go.
import { api } from "../net/api";
import { words } from "../net/errors";
import { navigate, paths } from "../routes";
import { save } from "./autosave";
import { useExperiment } from "./experiment";
import { toast } from "./ui";

export async function startTraining(): Promise<void> {
  const { starting } = useExperiment.getState();
  if (starting) return;
  useExperiment.setState({ starting: true });
  try {
    if (!(await save())) {
      if (useExperiment.getState().saving === "offline") toast("The site does not answer, so training cannot start. Your work is kept.", { tone: "bad" });
      return;
    }
    const { id } = useExperiment.getState();
    if (id === null) return;
    const run = await api.startRun(id);
    await import("./run").then(({ anticipate }) => anticipate(run), () => undefined);
    // Both at once: the page that is left need not be drawn again.
    useExperiment.setState(({ runs }) => ({ starting: false, runs: [run, ...runs.filter((other) => other.id !== run.id)] }));
    navigate(paths.train(id, run.id));
  } catch (error) {
    toast(words(error), { tone: "bad" });
  } finally {
    useExperiment.setState({ starting: false });
  }
}
