import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from "react";

export type Lazily<Props> = ComponentType<Props> & { prefetch: () => void };

/** A component in a chunk of its own, fetched when it is first shown or by `prefetch`. `meanwhile` stands in its place. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ReactNode = null): Lazily<Props> {
  let here: ComponentType<Props> | null = null;
  const fetched = async () => {
    here = await load();
    return here;
  };
  const Awaited = lazy(async () => ({ default: await fetched() })) as ComponentType<Props>;
  function Shown(props: Props) {
    // What is here is shown without suspending: once shown, React keeps a fallback for 300 ms.
    const [View] = useState(() => here ?? Awaited);
    return (
      <Suspense fallback={meanwhile}>
        <View {...props} />
      </Suspense>
    );
  }
  return Object.assign(Shown, { prefetch: () => void fetched().catch(() => undefined) });
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
