import { useEffect } from "react";
import { Link, paths } from "../routes";
import { Button } from "../ui/Button";

interface MissingPageProps {
  title?: string;
  message?: string;
  onRetry?: () => void;
}

/** In the place of a page that cannot be shown: why, and the ways out. */
export function MissingPage({ title = "Nothing here", message = "No page has this address.", onRetry }: MissingPageProps) {
  useEffect(() => {
    document.title = `${title} · CNN playground`;
  }, [title]);
  return (
    <main id="content" className="missing" tabIndex={-1}>
      <h1>{title}</h1>
      <p>{message}</p>
      <div className="missing-actions">
        {onRetry && (
          <Button look="main" onClick={onRetry}>
            Try again
          </Button>
        )}
        <Link className="button" href={paths.home()}>
          All experiments
        </Link>
      </div>
    </main>
  );
}
