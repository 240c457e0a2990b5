import { type ComponentType, lazy, type ReactNode, Suspense } from "react";

/** A component in a chunk of its own, fetched when it is first shown. `meanwhile` stands in its place. */
export function lazily<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ReactNode = null): ComponentType<Props> {
  const Fetched = lazy(async () => ({ default: await load() })) as ComponentType<Props>;
  return function Lazily(props: Props) {
    return (
      <Suspense fallback={meanwhile}>
        <Fetched {...props} />
      </Suspense>
    );
  };
}
