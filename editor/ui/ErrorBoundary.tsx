import { Component, type ErrorInfo, type ReactNode } from "react";
import { fetchAdvice, NotFetched } from "./lazily";

interface Props {
  /** What was shown; when it changes the boundary tries again. */
  of: string;
  children: ReactNode;
}

interface State {
  failed: Error | null;
  of: string;
}

/** In the place of a view that broke or whose code could not be fetched: what to do. Drafts are in the browser already. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failed: null, of: this.props.of };

  static getDerivedStateFromError(failed: Error): Partial<State> {
    return { failed };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.of === state.of ? null : { of: props.of, failed: null };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    const { failed } = this.state;
    if (!failed) return this.props.children;
    const fetching = failed instanceof NotFetched;
    return (
      <main id="content" className="missing" role="alert">
        <h1>{fetching ? "This view could not be fetched" : "This view broke"}</h1>
        <p>{fetching ? fetchAdvice() : "Your work is kept in this browser. Reload the page to go on."}</p>
        <div className="missing-actions">
          <button type="button" className="button" data-look="main" onClick={() => window.location.reload()}>
            Reload the page
          </button>
          <a className="button" href="/">
            All experiments
          </a>
        </div>
      </main>
    );
  }
}
