import { MiniMap, useStore as useFlowStore } from "@xyflow/react";
import { extent } from "./fit";
import type { Box } from "./geometry";
import type { FigureNode } from "./gestures";
import { stage } from "./stage";

/** A small map in the corner, while a part of the figure is out of sight. */
export function SmallMap() {
  const partly = useFlowStore((state) => {
    const box = state.nodes.length > 0 ? known() : null;
    if (!box) return false;
    const [x, y, zoom] = state.transform;
    const outside = box.left * zoom + x < -8 || box.top * zoom + y < -8 || box.right * zoom + x > state.width + 8;
    return outside || box.bottom * zoom + y > state.height;
  });
  if (!partly) return null;
  return <MiniMap pannable zoomable className="minimap" ariaLabel="Small map of the network" nodeClassName={familyClass} nodeStrokeWidth={2} />;
}

const NONE = new Map();
let last: { model: typeof stage.model; box: Box | null } = { model: null, box: null };

/** The figure's extent, measured once for each model. */
function known(): Box | null {
  const { model } = stage;
  if (last.model !== model) last = { model, box: model && extent({ ...model, routes: NONE }) };
  return last.box;
}

const familyClass = (node: FigureNode) => (node.type === "hull" ? "map-hull" : `map-${node.data.piece.family}`);
