import { useConnection, useStore as useFlowStore } from "@xyflow/react";
import { takesText } from "../actions/wiring";
import { nameOf, wireRefusal } from "../actions/session";
import { useCatalogue } from "../store/catalogue";
import type { BlockFlowNode } from "./BlockNode";
import { shapeText } from "./words";

/** Beside the pointer while a wire is led: what it carries, what the port takes, or why it may not end there. */
export function ConnectionHint() {
  const from = useConnection((connection) => (connection.inProgress ? connection.fromHandle.nodeId : null));
  const over = useConnection((connection) => (connection.inProgress ? (connection.toNode?.id ?? null) : null));
  const backwards = useConnection((connection) => connection.inProgress && connection.fromHandle.type === "target");
  const to = useConnection((connection) => (connection.inProgress ? connection.to : null));
  const [left, top, zoom] = useFlowStore((state) => state.transform);
  const node = useFlowStore((state) => state.nodeLookup.get((backwards ? over : from) ?? "") as BlockFlowNode | undefined);
  const target = useFlowStore((state) => state.nodeLookup.get((backwards ? from : over) ?? "") as BlockFlowNode | undefined);
  const views = useCatalogue((state) => state.block);
  if (!from || !to) return null;
  const carried = node?.data.piece.shape;
  const reason = over && over !== from ? wireRefusal(backwards ? over : from, backwards ? from : over) : null;
  const words = reason ?? (over && over !== from && target ? `${nameOf(target.id)} ${takesText(views[target.data.piece.block])}` : carried ? `carries ${shapeText(carried)}` : "shape unknown");
  return (
    <div className="connection-hint" data-refused={reason ? "" : undefined} style={{ left: to.x * zoom + left + 14, top: to.y * zoom + top + 12 }} role="status">
      {words}
    </div>
  );
}
