import type { ReactNode } from "react";
import { Button } from "./Button";

/** What could not be loaded, and the way to ask for it again. */
export function TryAgain({ tone = "bad", onRetry, children }: { tone?: "bad" | "warn"; onRetry: () => void; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role="alert">
      <p>{children}</p>
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
