import { Component, type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { toast } from "../store/ui";

export type Lazily<Props> = ComponentType<Props> & { prefetch: () => void };

/** The code of a part could not be fetched: the site does not answer, or has a newer version of it. */
export class NotFetched extends Error {
  override name = "NotFetched";
}

/** A page that is reloaded without a connection is lost. */
export const fetchAdvice = () =>
  navigator.onLine ? "Reload the page: the site may not have answered, or there may be a newer version of it." : "This browser is offline: open it again once it is connected.";

/**
 * A component in a chunk of its own, fetched when it is first shown or by `prefetch`. `meanwhile` stands in its place. One that
 * cannot be fetched is asked for again when it is next shown; where nothing stands in its place, the page goes on without it.
 */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ReactNode = null): Lazily<Props> {
  let here: ComponentType<Props> | null = null;
  const fetched = async () => {
    here = await load();
    return here;
  };
  const awaited = () =>
    lazy(async () => {
      try {
        return { default: await fetched() };
      } catch (cause) {
        Awaited = awaited(); // React keeps a refusal for good
        throw new NotFetched("The code of a part could not be fetched.", { cause });
      }
    }) as ComponentType<Props>;
  let Awaited = awaited();
  function Shown(props: Props) {
    // What is here is shown without suspending: once shown, React keeps a fallback for 300 ms.
    const [View] = useState(() => here ?? Awaited);
    const part = (
      <Suspense fallback={meanwhile}>
        <View {...props} />
      </Suspense>
    );
    return meanwhile === null ? <WithoutIt>{part}</WithoutIt> : part;
  }
  return Object.assign(Shown, { prefetch: () => void fetched().catch(() => undefined) });
}

/** Draws nothing in the place of a part that could not be fetched, and says so; what breaks otherwise is not its matter. */
class WithoutIt extends Component<{ children: ReactNode }, { failed: { error: unknown } | null }> {
  override state: { failed: { error: unknown } | null } = { failed: null };

  static getDerivedStateFromError(error: unknown) {
    return { failed: { error } };
  }

  override componentDidCatch(error: unknown) {
    if (error instanceof NotFetched) toast(`This part could not be fetched. ${fetchAdvice()}`, { tone: "bad" });
  }

  override render() {
    const { failed } = this.state;
    if (!failed) return this.props.children;
    if (failed.error instanceof NotFetched) return null;
    throw failed.error;
  }
}

type Part = { prefetch: () => void };

/** Fetches what may be opened next once a page is shown. */
export function usePrefetch(parts: readonly Part[]) {
  useEffect(() => {
    for (const part of parts) part.prefetch();
  }, [parts]);
}

/** The same when somebody is there: with the first touch of pointer or keys. */
export function usePrefetchAtTouch(parts: readonly Part[]) {
  useEffect(() => {
    const fetchAll = () => {
      leave();
      for (const part of parts) part.prefetch();
    };
    const kinds = ["pointermove", "pointerdown", "keydown"] as const;
    const leave = () => {
      for (const kind of kinds) window.removeEventListener(kind, fetchAll);
    };
    for (const kind of kinds) window.addEventListener(kind, fetchAll, { passive: true });
    return leave;
  }, [parts]);
}
