import type { ReactNode } from "react";
import { loadCatalogue, useCatalogue } from "../../store/catalogue";
import { Button } from "../../ui/Button";

/** In the place of a panel that waits for the site: the wait, or what went wrong with a way to try again. */
export function CatalogueProblem({ waiting }: { waiting: ReactNode }) {
  const failed = useCatalogue((state) => state.status === "failed");
  const problem = useCatalogue((state) => state.problem);
  if (!failed) return waiting;
  return (
    <div className="side-section">
      <div className="notice" data-tone="bad" role="alert">
        <p>{problem}</p>
        <Button size="small" onClick={() => void loadCatalogue()}>
          Try again
        </Button>
      </div>
    </div>
  );
}
