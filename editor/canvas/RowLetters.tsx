import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import type { Model } from "./model";
import { rowsOf } from "./rows";

/** a, b, c at the head of each row, as in a figure of a paper. */
export function RowLetters({ model }: { model: Model }) {
  const rows = useMemo(() => rowsOf(model), [model]);
  if (rows.length === 0) return null;
  return (
    <ViewportPortal>
      {rows.map(({ letter, box }) => (
        <b key={letter} className="row-letter" style={{ left: box.left, top: box.top }} aria-hidden="true">
          {letter}
        </b>
      ))}
    </ViewportPortal>
  );
}
