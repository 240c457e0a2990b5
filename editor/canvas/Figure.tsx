import { type NodeTypes, ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import "@xyflow/react/dist/base.css";
import type { Analysis, Network } from "../generated/types";
import { useCatalogue } from "../store/catalogue";
import "./figure.css";
import "./slab.css";
import { BlockNode } from "./BlockNode";
import { HullNode } from "./HullNode";
import { type Folding, turned } from "./folding";
import { blocksOf } from "./blocks";
import type { Piece } from "./drawing";
import { fitFigure } from "./fit";
import { emptyCache, flowEdges, flowHulls, flowNodes } from "./flow";
import { FigureHandles, type FigureMarks, type Handles, Marks, type PieceState } from "./marks";
import { type Model, useModel } from "./model";
import { portsOf } from "./ports";
import { ShapeEdge, WireHeads } from "./ShapeEdge";
import { RowLetters } from "./RowLetters";
import { pieceSpeech, wireSpeech } from "./speech";
import { Detail, Zoom } from "./Zoom";

export const nodeTypes: NodeTypes = { block: BlockNode, hull: HullNode };
export const edgeTypes = { wire: ShapeEdge };

const NONE: ReadonlySet<string> = new Set();
const NO_STATES: ReadonlyMap<string, PieceState> = new Map();
const NO_MARKS: FigureMarks = {};

interface FigureProps {
  network: Network;
  analysis: Analysis | null;
  /** Composite blocks that show their inside; their `inside` must be in the analysis. */
  open?: string[];
  marks?: FigureMarks;
  /** Per block: warning rings and the like. */
  states?: ReadonlyMap<string, PieceState>;
  selected?: string | null;
  onSelect?: (id: string | null) => void;
  label: string;
  children?: React.ReactNode;
}

/** The figure to look at: pan, zoom and choose, but not edit. Live views add their marks to it. */
export function Figure(props: FigureProps) {
  return (
    <ReactFlowProvider>
      <Still {...props} />
    </ReactFlowProvider>
  );
}

const NO_OPEN: string[] = [];
/** Room in a hull for the marks of a live view. */
const UNDER = 36;

function Still({ network, analysis, open = NO_OPEN, marks = NO_MARKS, states = NO_STATES, selected = null, onSelect, label, children }: FigureProps) {
  const root = useRef<HTMLDivElement>(null);
  const size = useSize(root);
  const views = useCatalogue((state) => state.block);
  const blocks = blocksOf(views);
  const [folding, setFolding] = useState<Folding | null>(null);
  const model = useModel(network, analysis, blocks, size, open, folding, marks.Under ? UNDER : 0);
  const now = useRef(model.folding);
  now.current = model.folding;
  const onFold = useCallback((key: string) => setFolding(turned(now.current, key)), []);
  const [cache] = useState(emptyCache);
  const fit = useRef<(() => void) | null>(null);
  const nodes = useMemo(() => {
    const chosen = selected === null ? NONE : new Set([model.drawing.root.get(selected) ?? selected]);
    const ports = (piece: Piece) => portsOf(piece, blocks);
    return [...flowHulls(cache, model.hulls, () => false), ...flowNodes(cache, model, { places: model.places, selected: chosen, states, ports, label: pieceSpeech })];
  }, [cache, model, selected, states, blocks]);
  const edges = useMemo(() => {
    const name = (id: string) => analysis?.nodes[id]?.label ?? id;
    return flowEdges(cache, model.drawing.wires, { routes: model.routes, selected: NONE, bad: NONE, aimed: null, label: (wire) => wireSpeech(wire, name) });
  }, [cache, model, analysis]);
  const handles = useMemo<Handles>(() => (onSelect ? { editable: false, onFold, onTab: (id) => onSelect(id) } : { editable: false, onFold }), [onSelect, onFold]);
  return (
    <div ref={root} className="figure" data-still="">
      <Marks value={marks}>
        <FigureHandles value={handles}>
          <WireHeads />
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={nodeTypes}
            edgeTypes={edgeTypes}
            nodesDraggable={false}
            nodesConnectable={false}
            edgesFocusable={false}
            elementsSelectable={onSelect !== undefined}
            disableKeyboardA11y
            deleteKeyCode={null}
            selectionKeyCode={null}
            zoomOnDoubleClick={false}
            minZoom={0.1}
            maxZoom={3}
            proOptions={{ hideAttribution: true }}
            onNodeClick={(_, node) => node.type === "block" && onSelect?.(chosenBlock(node.data.piece as Piece))}
            onNodeDoubleClick={(_, node) => (node.type === "hull" || (node.data.piece as Piece).fold) && onFold(node.id)}
            onPaneClick={() => onSelect?.(null)}
            aria-label={label}
          >
            <Refit model={model} root={root} on={size} fit={fit} />
            <Detail root={root} model={model} />
            <RowLetters model={model} />
            {children}
          </ReactFlow>
          <div className="figure-foot">
            <Zoom onFit={() => fit.current?.()} />
          </div>
        </FigureHandles>
      </Marks>
    </div>
  );
}

/** A folded slab speaks for the last block in it. */
const chosenBlock = (piece: Piece): string => piece.fold?.exit ?? piece.id;

interface RefitProps {
  model: Model;
  root: React.RefObject<HTMLElement | null>;
  on: { width: number; height: number };
  fit: React.RefObject<(() => void) | null>;
}

/** Fit the window anew when it changes size, and when shapes or openings change what is drawn. */
function Refit({ model, root, on, fit }: RefitProps) {
  const flow = useReactFlow();
  useEffect(() => {
    fit.current = () => fitFigure(model, flow, root.current);
    fit.current();
  }, [flow, model, root, on, fit]);
  return null;
}

/** The size of an element in steps of 40 px, so that a layout does not follow each pixel of a window being dragged. */
export function useSize(ref: React.RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 900, height: 560 });
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const width = Math.max(200, Math.round(entry.contentRect.width / 40) * 40);
      const height = Math.max(160, Math.round(entry.contentRect.height / 40) * 40);
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
