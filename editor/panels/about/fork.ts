// A copy of an experiment, one's own or somebody else's, to go on from.
import { api } from "../../net/api";
import { words } from "../../net/errors";
import { navigate, paths } from "../../routes";
import { toast } from "../../store/ui";

export async function forkExperiment(id: string) {
  try {
    const made = await api.duplicateExperiment(id);
    toast(`${made.name} is a fork of your own.`);
    navigate(paths.about(made.id));
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}
