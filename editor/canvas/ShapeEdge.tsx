import type { Edge, EdgeProps } from "@xyflow/react";
import { memo, use } from "react";
import type { Wire } from "./drawing";
import { Marks } from "./marks";
import type { Route } from "./route";
import { WireLabel } from "./WireLabel";

export interface WireData extends Record<string, unknown> {
  wire: Wire;
  route: Route;
  /** The label is not a repetition of another wire's from the same block. */
  labelled: boolean;
  /** The shapes that meet here do not fit. */
  bad: boolean;
  /** A block is about to be dropped on it. */
  aimed: boolean;
}

export type WireFlowEdge = Edge<WireData, "wire">;

/** A wire with the shape it carries. */
export const ShapeEdge = memo(function ShapeEdge({ data, selected, interactionWidth = 18 }: EdgeProps<WireFlowEdge>) {
  const { Wire: Mark } = use(Marks);
  if (!data) return null;
  const { wire, route, labelled, bad, aimed } = data;
  const look = aimed || selected ? "accent" : bad ? "bad" : "plain";
  return (
    <>
      {Mark ? (
        <Mark source={wire.from} target={wire.to} d={route.d} />
      ) : (
        <path className="wire" data-look={look} data-aimed={aimed || undefined} d={route.d} markerEnd={`url(#wire-head${look === "plain" ? "" : `-${look}`})`} />
      )}
      <path className="react-flow__edge-interaction" d={route.d} fill="none" strokeOpacity="0" strokeWidth={interactionWidth} />
      {labelled && <WireLabel route={route} shape={wire.shape} />}
    </>
  );
});

/** Arrow heads, once in the page. */
export function WireHeads() {
  return (
    <svg className="unseen" aria-hidden="true">
      <HeadMarkers looks={["", "-accent", "-bad"]} />
    </svg>
  );
}

export function HeadMarkers({ looks }: { looks: readonly string[] }) {
  return (
    <defs>
      {looks.map((look) => (
        <marker key={look} id={`wire-head${look}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto" markerUnits="userSpaceOnUse">
          <path className={`wire-head${look}`} d="M0 .8L7 4 0 7.2z" />
        </marker>
      ))}
    </defs>
  );
}
