import type { Node, NodeProps } from "@xyflow/react";
import { type CSSProperties, memo, use } from "react";
import { Icon } from "../ui/Icon";
import type { Hull } from "./hulls";
import { FigureHandles } from "./marks";

export interface HullData extends Record<string, unknown> {
  hull: Hull;
  /** All its blocks are chosen. */
  chosen: boolean;
}

export type HullFlowNode = Node<HullData, "hull">;

/** An open stage: a dotted hull with an italic name. It drags and is chosen as one, and folds to one slab. */
export const HullNode = memo(function HullNode({ data, width = 0, height = 0 }: NodeProps<HullFlowNode>) {
  const { part } = data.hull;
  return (
    <>
      <svg className="block-body" width={width} height={height} aria-hidden="true">
        <rect className="hull" data-kind={part.kind} data-chosen={data.chosen || undefined} x="0" y="0" width={width} height={height} rx="8" />
      </svg>
      <div className="hull-head" data-kind={part.kind} style={{ "--wide": `${width}px` } as CSSProperties}>
        <FoldButton hull={data.hull} />
        <span className="hull-title">{hullTitle(data.hull)}</span>
      </div>
    </>
  );
});

export const hullTitle = ({ part }: Hull): string => (part.kind === "stage" ? part.name : `${part.name} ×${part.pieces.length}`);

function FoldButton({ hull: { part } }: { hull: Hull }) {
  const { onFold } = use(FigureHandles);
  if (!onFold) return null;
  return (
    <button
      type="button"
      className="hull-fold nodrag"
      aria-expanded="true"
      aria-label={`Fold ${part.name}`}
      title="Fold to one slab"
      onClick={(event) => {
        event.stopPropagation();
        onFold(part.key);
      }}
    >
      <Icon name="minus" />
    </button>
  );
}
