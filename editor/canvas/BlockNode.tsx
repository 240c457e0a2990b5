import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { type CSSProperties, memo, use } from "react";
import { Icon } from "../ui/Icon";
import type { Piece } from "./drawing";
import type { FoldFacts } from "./folding";
import type { Inside } from "./inside";
import { FigureHandles, Marks, type PieceState } from "./marks";
import { nameLines, nameSize } from "./names";
import { Sample } from "./Sample";
import { OpenHull } from "./StaticPieces";
import { Curve, Silhouette, Slab } from "./Slab";
import { foldSums, fullCount } from "./words";

export interface BlockData extends Record<string, unknown> {
  piece: Piece;
  state: PieceState;
  inside: Inside | null;
  /** What each port takes or gives, in words; null where there is no port. */
  input: string | null;
  output: string | null;
}

export type BlockFlowNode = Node<BlockData, "block">;

/** A block on the figure: its body, name, tabs, ports and marks. */
export const BlockNode = memo(function BlockNode({ id, data, selected }: NodeProps<BlockFlowNode>) {
  const { piece, state, inside } = data;
  const { w, h, dx, dy } = piece.size;
  const middle = dy + h / 2;
  return (
    <>
      <svg className="block-body" width={w + dx} height={h + dy} aria-hidden="true">
        <g transform={`translate(0 ${middle})`}>
          {selected && !state.chosenTab && <Silhouette piece={piece} />}
          {inside ? <OpenHull piece={piece} inside={inside} zooms /> : <Slab piece={piece} />}
          {state.picture && piece.form === "slab" && <Sample picture={state.picture} w={w} h={h} />}
        </g>
      </svg>
      <FaceAndUnder piece={piece} />
      <Tabs piece={piece} chosen={state.chosenTab} />
      <Name piece={piece} />
      {piece.fold && <OpenFold piece={piece} fold={piece.fold} />}
      {piece.composite && <OpenButton id={id} open={inside !== null} label={piece.label} />}
      {state.level && <NoticeDisc id={id} state={state} label={piece.label} top={dy} />}
      {state.error && <ErrorNote id={id} error={state.error} left={w / 2} top={dy + h} />}
      {data.input !== null && <Handle type="target" position={Position.Left} className="port" title={data.input} style={{ top: middle }} />}
      {data.output !== null && <Handle type="source" position={Position.Right} className="port" title={data.output} style={{ top: middle }} />}
    </>
  );
});

function Name({ piece }: { piece: Piece }) {
  const { w, h, dy } = piece.size;
  if (piece.form === "hull") return null;
  const { fold } = piece;
  return (
    <span className="block-name" data-fold={fold?.kind} title={piece.label.length > LONG ? piece.label : undefined} style={{ left: w / 2, top: dy + h }}>
      {fold?.kind === "stage" ? piece.label : nameLines(piece.label).join("\n")}
      {fold?.kind === "stage" && <span className="fold-holds">{nameLines(fold.holds).join("\n")}</span>}
      {fold?.kind === "stage" && (
        <span className="fold-sums" title={`${fullCount(piece.parameters)} parameters, ${fullCount(piece.macs)} multiply-adds`}>
          {foldSums(piece)}
        </span>
      )}
    </span>
  );
}

function FaceAndUnder({ piece }: { piece: Piece }) {
  const { Face, Under, Ring } = use(Marks);
  if ((!Face && !Under && !Ring) || piece.form === "hull") return null;
  const { w, h, dy } = piece.size;
  const tabs = piece.fold ? piece.fold.ids : piece.tabs.map((tab) => tab.id);
  return (
    <>
      {Face && (
        <span className="block-face" style={{ top: dy, width: w, height: h }}>
          <Face id={piece.id} tabs={tabs} folded={piece.fold !== undefined} width={w} height={h} />
        </span>
      )}
      {Under && (
        <span className="block-under" style={{ left: w / 2, top: dy + h, "--name": `${nameSize(piece, "middle").height}px` } as CSSProperties}>
          <Under id={piece.id} tabs={tabs} folded={piece.fold !== undefined} width={w} />
        </span>
      )}
      {Ring && <Ring id={piece.id} tabs={tabs} folded={piece.fold !== undefined} />}
    </>
  );
}

/** Letters that a name shows at most. */
const LONG = 24;
const TAB = { width: 15, height: 12 };

/** Activation and normalisation, at the foot of the face. */
function Tabs({ piece, chosen }: { piece: Piece; chosen: string | null }) {
  const { onTab } = use(FigureHandles);
  const { w, h, dy } = piece.size;
  if (piece.form === "hull") return null;
  const small = w < 44; // the face has its kernel in the way: tabs hang over its corner
  const right = small ? w + 5 : w;
  const low = small ? 4 : 0;
  return piece.tabs.map((tab, index) => {
    const left = right - TAB.width * (piece.tabs.length - index) + 0.5;
    const drawing = (
      <svg viewBox="0 0 15 12" className="slab" data-family={tab.family} aria-hidden="true">
        <rect className="slab-face" x="0.5" y="0.5" width="14" height="11" />
        <Curve block={tab.block} family={tab.family} x={2} y={1.9} width={11} />
      </svg>
    );
    const place = { left, top: dy + h - TAB.height + low + 0.5 };
    if (!onTab) return <span key={tab.id} className="block-tab" style={place} title={tab.label}>{drawing}</span>;
    return (
      <button
        key={tab.id}
        type="button"
        className="block-tab"
        style={place}
        title={tab.label}
        aria-label={`${tab.label}, on ${piece.label}`}
        data-chosen={chosen === tab.id || undefined}
        onClick={(event) => {
          event.stopPropagation();
          onTab(tab.id, event.ctrlKey || event.metaKey);
        }}
      >
        {drawing}
      </button>
    );
  });
}

function OpenButton({ id, open, label }: { id: string; open: boolean; label: string }) {
  const { onToggle } = use(FigureHandles);
  if (!onToggle) return null;
  return (
    <button
      type="button"
      className="block-open nodrag"
      data-open={open || undefined}
      aria-expanded={open}
      aria-label={open ? `Close ${label}` : `Show the inside of ${label}`}
      title={open ? "Close" : "Show the inside"}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(id);
      }}
    >
      <Icon name={open ? "close" : "plus"} />
    </button>
  );
}

function OpenFold({ piece, fold }: { piece: Piece; fold: FoldFacts }) {
  const { onFold } = use(FigureHandles);
  if (!onFold) return null;
  return (
    <button
      type="button"
      className="block-open nodrag"
      aria-expanded="false"
      aria-label={`Open ${piece.label}`}
      title={fold.kind === "stage" ? "Open the stage" : "Show each block"}
      onClick={(event) => {
        event.stopPropagation();
        onFold(fold.key);
      }}
    >
      <Icon name="plus" />
    </button>
  );
}

function NoticeDisc({ id, state, label, top }: { id: string; state: PieceState; label: string; top: number }) {
  const { onNotice } = use(FigureHandles);
  const words = state.level === "error" ? "Error" : `Notice ${state.number ?? ""}`;
  return (
    <button
      type="button"
      className="notice-disc"
      data-level={state.level}
      data-dot={(state.level !== "error" && state.number === null) || undefined}
      data-notice-of={id}
      style={{ top }}
      aria-label={`${words} on ${label}`}
      onClick={(event) => {
        event.stopPropagation();
        onNotice?.(id);
      }}
    >
      {state.level === "error" ? "!" : state.number}
    </button>
  );
}

/** What is wrong, below the name, and the way out. */
function ErrorNote({ id, error, left, top }: { id: string; error: NonNullable<PieceState["error"]>; left: number; top: number }) {
  const { onFix } = use(FigureHandles);
  return (
    <div className="error-note nodrag" data-brief={error.brief || undefined} style={{ left, top: top + 22 }}>
      <p>{error.message}</p>
      {error.hint && <p className="error-hint">{error.hint}</p>}
      {error.fix && onFix && (
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={(event) => {
            event.stopPropagation();
            onFix(id);
          }}
        >
          {error.fix}
        </button>
      )}
    </div>
  );
}
