import type { ReactElement } from "react";
import { navigate, paths } from "../routes";
import { useExperiment } from "../store/experiment";
import { Menu } from "../ui/Menu";
import { newestFirst, useFreshRuns } from "./side/RunList";
import { resultWords, stateWords } from "./runWords";

/** The experiment's runs as a menu of the train view; its child is the button that opens it. */
export function RunMenu({ current, children }: { current: string; children: ReactElement<{ onClick?: () => void }> }) {
  const runs = useExperiment((state) => state.runs);
  useFreshRuns();
  const items = newestFirst(runs).map((run) => ({
    label: `Run ${run.number}`,
    hint: stateWords(run)?.text ?? resultWords(run)?.text ?? "",
    chosen: run.id === current,
    onSelect: () => navigate(paths.train(run.experiment, run.id)),
  }));
  return (
    <Menu label="Runs" items={items}>
      {children}
    </Menu>
  );
}
