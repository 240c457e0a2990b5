// A copy of an experiment or of what a run was trained with, one's own or somebody else's, to go on from.
import type { ExperimentView } from "../generated/types";
import { api } from "../net/api";
import { words } from "../net/errors";
import { navigate, paths } from "../routes";
import { toast } from "../store/ui";

export const forkExperiment = (id: string) => fork(api.duplicateExperiment(id), paths.about);

export const forkRun = (id: string) => fork(api.forkRun(id), paths.build);

async function fork(made: Promise<ExperimentView>, address: (id: string) => string) {
  try {
    const { id, name } = await made;
    toast(`${name} is a fork of your own.`);
    navigate(address(id));
  } catch (error) {
    toast(words(error), { tone: "bad" });
  }
}
