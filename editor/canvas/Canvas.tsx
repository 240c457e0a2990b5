import { type NodeChange, ReactFlow } from "@xyflow/react";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import "@xyflow/react/dist/base.css";
import { toggleFold } from "../actions/folds";
import { applyFix, documentPlaces, putOnWire } from "../actions/session";
import { useStore } from "../store";
import { meaningOf } from "../store/analysis";
import { useCatalogue } from "../store/catalogue";
import { useExperiment } from "../store/experiment";
import "./figure.css";
import "./slab.css";
import { blocksOf } from "./blocks";
import { ConnectionHint } from "./ConnectionHint";
import type { Piece } from "./drawing";
import { useSize } from "./Figure";
import { emptyCache, flowEdges, flowHulls, flowNodes } from "./flow";
import { type Aim, commitMove, type FigureNode, follow, looseOver, NO_AIM, type OnMenu, STEADY, useDrop, useMenus } from "./gestures";
import { portsOf } from "./ports";
import { FigureHandles, type Handles, type PieceState } from "./marks";
import { chosenHulls, type Hull, hullsOf } from "./hulls";
import { type Model, useModel } from "./model";
import { type Numbered, pieceStates } from "./notices";
import { pictureOf } from "./picture";
import type { Point } from "./rounded";
import { type Route, routeAll } from "./route";
import { placeNotes } from "./placeNotes";
import { WireHeads } from "./ShapeEdge";
import { RowLetters } from "./RowLetters";
import { pieceSpeech, wireSpeech } from "./speech";
import { SmallMap } from "./SmallMap";
import { chosenPieces, fitStage, showBlock, stage } from "./stage";
import { Fit, FitOpened } from "./Fit";
import { Detail, Zoom } from "./Zoom";

const REST: ReadonlyMap<string, Point> = new Map();

interface CanvasProps {
  notices: Numbered[];
  onNotice: (node: string) => void;
  onMenu: OnMenu;
  caption: ReactNode;
  children?: ReactNode;
}

/** The figure under the hand: drag, connect, drop, choose. */
export function Canvas({ notices, onNotice, onMenu, caption, children }: CanvasProps) {
  const root = useRef<HTMLDivElement>(null);
  const size = useSize(root);
  const model = useOpenModel(size);
  const selection = useStore((state) => state.selection);
  const selectedEdges = useStore((state) => state.selectedEdges);
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const [moving, setMoving] = useState<ReadonlyMap<string, Point>>(REST);
  const latest = useRef(moving);
  latest.current = moving;
  const [aim, setAim] = useState<Aim>(NO_AIM);
  const states = useStates(model, notices, selection);
  const [cache] = useState(emptyCache);

  const places = useMemo(() => (moving.size > 0 ? new Map([...model.places, ...moving]) : model.places), [model, moving]);
  const routes = useRoutes(model, places, moving);
  const nodes = useMemo(() => {
    const chosen = chosenPieces(model, selection);
    for (const hull of chosenHulls(model.hulls, selection)) for (const id of hull.pieces) chosen.delete(id); // the hull says it for all
    const ports = (piece: Piece) => portsOf(piece, blocks);
    return flowNodes(cache, model, { places, selected: chosen, states, ports, label: pieceSpeech });
  }, [cache, model, places, selection, states, blocks]);
  const hulls = useHulls(model, places, routes);
  const outlines = useMemo(() => {
    const chosen = new Set(chosenHulls(hulls, selection));
    return flowHulls(cache, hulls, (hull) => chosen.has(hull));
  }, [cache, hulls, selection]);
  const all = useMemo<FigureNode[]>(() => (outlines.length > 0 ? [...outlines, ...nodes] : nodes), [outlines, nodes]);
  const edges = useMemo(() => {
    const name = (id: string) => model.drawing.pieces.get(id)?.label ?? id;
    const bad = new Set([...states].filter(([, state]) => state.level === "error").map(([id]) => id));
    const misfits = new Set([...bad].filter((id) => model.pieces.get(id)?.shape === null));
    return flowEdges(cache, model.drawing.wires, { routes, selected: new Set(selectedEdges), bad: misfits, aimed: aim.edge, label: (wire) => wireSpeech(wire, name) });
  }, [cache, model, routes, selectedEdges, states, aim.edge]);

  useEffect(() => {
    stage.model = model;
    stage.window = size;
    stage.root = root.current;
    stage.notes = new Set([...states].filter(([, state]) => state.error && !state.error.brief).map(([id]) => id));
  }, [model, size, states]);
  useEffect(() => {
    const frame = requestAnimationFrame(() => placeNotes(root.current)); // new blocks are measured first
    return () => cancelAnimationFrame(frame);
  }, [states, model]);

  const handles = useHandles(onNotice);
  const menus = useMenus(onMenu);
  const onNodesChange = useCallback((changes: NodeChange<FigureNode>[]) => follow(changes, stage.model, setMoving), []);
  const drop = useDrop(setAim);
  const onDrag = useCallback((event: MouseEvent | TouchEvent, node: FigureNode) => setAim(looseOver(event, node.id)), []);
  const onDragStop = useCallback((event: MouseEvent | TouchEvent, node?: FigureNode) => {
    const over = node ? looseOver(event, node.id) : NO_AIM;
    setAim(NO_AIM);
    const moved = latest.current;
    if (moved.size === 0) return;
    if (over.edge && node) putOnWire(node.id, over.edge);
    else if (!commitMove(moved)) setMoving(REST);
  }, []);
  useEffect(() => {
    if (selection.length === 1 && selection[0] !== undefined) showBlock(selection[0]);
  }, [selection]);
  const onSelectionDragStop = useCallback((event: React.MouseEvent) => onDragStop(event.nativeEvent), [onDragStop]);
  useEffect(() => setMoving(REST), [model]);

  return (
    <div ref={root} className="figure" data-leading={undefined} data-many={selection.length > 1 || undefined} onDragOver={drop.over} onDragLeave={drop.leave} onDrop={drop.drop} role="presentation">
      <FigureHandles value={handles}>
        <WireHeads />
        <ReactFlow
          nodes={all}
          edges={edges}
          {...STEADY}
          onNodesChange={onNodesChange}
          onNodeDrag={onDrag}
          onNodeDragStop={onDragStop}
          onSelectionDragStop={onSelectionDragStop}
          {...menus}
        >
          <Fit size={size} ready={model.pieces.size > 0} arranged={model.arranged || model.refolded} />
          <FitOpened model={model} />
          <Detail root={root} model={model} />
          <ConnectionHint />
          <RowLetters model={model} />
          <SmallMap />
          {children}
        </ReactFlow>
        <div className="figure-foot">
          <span className="figure-caption">{caption}</span>
          <Zoom onFit={fitStage} />
        </div>
      </FigureHandles>
    </div>
  );
}

/** The model of the open document. Places the first layout finds are kept in the document once the shapes are known. */
function useOpenModel(size: { width: number; height: number }): Model {
  const network = useStore((state) => state.network);
  const analysis = useStore((state) => state.analysis);
  const open = useStore((state) => state.open);
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const folding = useStore((state) => state.folding);
  const model = useModel(network, analysis, blocks, size, open, folding);
  useEffect(() => {
    const { analysed } = useStore.getState();
    stage.model = model;
    if (!analysis || analysed !== meaningOf(network)) return;
    if (folding === null && model.foldables.length > 0) useStore.getState().setFolding(model.folding); // edits fold nothing by themselves
    if (!model.arranged && !model.refolded) useStore.getState().arrange(documentPlaces(model.stored));
  }, [network, analysis, model, folding]);
  return model;
}

function useStates(model: Model, notices: Numbered[], selection: string[]): ReadonlyMap<string, PieceState> {
  const dataset = useExperiment((state) => String(state.recipe.dataset ?? ""));
  const view = useCatalogue((state) => state.datasets.find((other) => other.dataset.name === dataset));
  const picture = useMemo(() => pictureOf(view), [view]);
  const before = useRef<ReadonlyMap<string, PieceState>>(new Map());
  return useMemo(() => {
    before.current = pieceStates(model.drawing, notices, selection, picture, before.current);
    return before.current;
  }, [model, notices, selection, picture]);
}

/** Routes at rest, and while blocks move those of the wires that hang on them. */
function useRoutes(model: Model, places: ReadonlyMap<string, Point>, moving: ReadonlyMap<string, Point>): ReadonlyMap<string, Route> {
  return useMemo(() => {
    if (moving.size === 0) return model.routes;
    return routeAll(model.pieces, model.drawing.wires, places, { before: model.routes, only: new Set(moving.keys()), hulls: model.hulls });
  }, [model, places, moving]);
}

/** Outlines at rest, and around what moves. */
function useHulls(model: Model, places: ReadonlyMap<string, Point>, routes: ReadonlyMap<string, Route>): readonly Hull[] {
  return useMemo(
    () => (places === model.places || model.hulls.length === 0 ? model.hulls : hullsOf(model.hulls.map((hull) => hull.part), model.drawing, model.pieces, places, routes)),
    [model, places, routes],
  );
}

function useHandles(onNotice: (node: string) => void): Handles {
  return useMemo(
    () => ({
      editable: true,
      onTab: (id, additive) => {
        const { selection, select } = useStore.getState();
        select(additive ? [...selection, id] : [id]);
      },
      onToggle: (id) => useStore.getState().toggleOpen(id),
      onFold: toggleFold,
      onNotice,
      onFix: (id) => {
        const root = stage.model?.drawing.root;
        const found = useStore.getState().analysis?.notices.find((notice) => notice.level === "error" && root?.get(notice.node ?? "") === id);
        if (found) void applyFix(found);
      },
    }),
    [onNotice],
  );
}
