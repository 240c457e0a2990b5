import type { ReactNode } from "react";
import { loadCatalogue, useCatalogue } from "../../store/catalogue";
import { TryAgain } from "../../ui/TryAgain";

/** In the place of a panel that waits for the site: the wait, or what went wrong with a way to try again. */
export function CatalogueProblem({ waiting }: { waiting: ReactNode }) {
  const failed = useCatalogue((state) => state.status === "failed");
  const problem = useCatalogue((state) => state.problem);
  if (!failed) return waiting;
  return (
    <div className="side-section">
      <TryAgain onRetry={() => void loadCatalogue()}>
        {problem}
      </TryAgain>
    </div>
  );
}
