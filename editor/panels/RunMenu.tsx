import type { ReactNode } from "react";
import { navigate, paths } from "../routes";
import { useExperiment } from "../store/experiment";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { newestFirst, useFreshRuns } from "./side/RunList";
import { resultWords, runName, stateWords } from "./runWords";

/**
 * The run's chip on the train view; where the experiment has other runs, pressing it lists them. Whoever looks at somebody
 * else's run may have an experiment of his own open: its runs are not listed.
 */
export function RunMenu({ experiment, current, children }: { experiment: string; current: string; children: ReactNode }) {
  const runs = useExperiment((state) => state.runs);
  const name = useExperiment((state) => state.name);
  const open = useExperiment((state) => state.id === experiment);
  useFreshRuns();
  if (!open || !runs.some((run) => run.id !== current)) return children;
  const items = newestFirst(runs).map((run) => ({
    label: runName(run, name),
    hint: stateWords(run)?.text ?? resultWords(run)?.text ?? "",
    chosen: run.id === current,
    onSelect: () => navigate(paths.train(run.experiment, run.id)),
  }));
  return (
    <Menu label="Runs" items={items}>
      <button type="button" className="chip-press" title="Other runs">
        {children}
        <Icon name="down" />
      </button>
    </Menu>
  );
}
