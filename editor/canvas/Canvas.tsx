import { type Connection, ConnectionMode, type NodeChange, ReactFlow, type ReactFlowProps, SelectionMode } from "@xyflow/react";
import { type DragEvent, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import "@xyflow/react/dist/base.css";
import { applyFix, connectBlocks, dropBlock, endOf, moveBlocks, putOnWire, reconnectWire, wireRefusal, withTabPlaces } from "../actions/session";
import { useStore } from "../store";
import { meaningOf } from "../store/analysis";
import { useCatalogue } from "../store/catalogue";
import { useExperiment } from "../store/experiment";
import "./figure.css";
import "./slab.css";
import type { BlockFlowNode } from "./BlockNode";
import { blocksOf } from "./blocks";
import { ConnectionHint } from "./ConnectionHint";
import type { Piece } from "./drawing";
import { edgeTypes, nodeTypes, useSize } from "./Figure";
import { emptyCache, flowEdges, flowNodes, placeOf } from "./flow";
import { portsOf } from "./ports";
import { FigureHandles, type Handles, type PieceState } from "./marks";
import { type Model, useModel } from "./model";
import { type Numbered, pieceStates } from "./notices";
import { pictureOf } from "./picture";
import type { Point } from "./rounded";
import { type Route, routeAll } from "./route";
import { type WireFlowEdge, WireHeads } from "./ShapeEdge";
import { pieceSpeech, wireSpeech } from "./speech";
import { SmallMap } from "./SmallMap";
import { fitStage, showBlock, stage } from "./stage";
import { Detail, Zoom } from "./Zoom";

export const PALETTE_TYPE = "application/x-playground-block";
const REST: ReadonlyMap<string, Point> = new Map();

const lead = () => stage.root?.setAttribute("data-leading", "");
const stopLeading = () => stage.root?.removeAttribute("data-leading");

/** What never changes about the flow; were it made anew with each render, every block would be drawn anew too. */
const STEADY: ReactFlowProps<BlockFlowNode, WireFlowEdge> = {
  nodeTypes,
  edgeTypes,
  onInit: (flow) => {
    stage.flow = flow;
  },
  onMoveEnd: () => placeNotes(stage.root),
  onEdgesChange: (changes) => followEdges(changes),
  onPaneClick: () => useStore.getState().select([]),
  onNodeDoubleClick: (_, node) => node.data.piece.composite && useStore.getState().toggleOpen(node.id),
  onConnectStart: lead,
  onConnectEnd: stopLeading,
  onReconnectStart: lead,
  onReconnectEnd: stopLeading,
  onConnect: ({ source, target }) => void connectBlocks(source, target),
  onReconnect: (edge, { source, target }) => reconnectWire(edge.id, source, target),
  isValidConnection: (connection) => isAllowed(connection),
  connectionMode: ConnectionMode.Strict,
  connectionRadius: 28,
  reconnectRadius: 12,
  selectNodesOnDrag: false,
  selectionMode: SelectionMode.Partial,
  multiSelectionKeyCode: ["Control", "Meta", "Shift"],
  selectionKeyCode: "Shift",
  deleteKeyCode: null,
  disableKeyboardA11y: true,
  zoomOnDoubleClick: false,
  nodeDragThreshold: 3,
  minZoom: 0.1,
  maxZoom: 3,
  proOptions: { hideAttribution: true },
  "aria-label": "The network",
};

interface CanvasProps {
  notices: Numbered[];
  onNotice: (node: string) => void;
  onMenu: (event: { x: number; y: number }) => void;
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
  const [aim, setAim] = useState<Aim>(NO_AIM);
  const states = useStates(model, notices, selection);
  const [cache] = useState(emptyCache);

  const places = useMemo(() => (moving.size > 0 ? new Map([...model.places, ...moving]) : model.places), [model, moving]);
  const routes = useRoutes(model, places, moving);
  const nodes = useMemo(() => {
    const chosen = new Set(selection);
    const ports = (piece: Piece) => portsOf(piece, blocks);
    return flowNodes(cache, model, { places, selected: chosen, states, ports, label: pieceSpeech });
  }, [cache, model, places, selection, states, blocks]);
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
  useEffect(() => placeNotes(root.current), [states, model]);

  const handles = useHandles(onNotice);
  const menus = useMenus(onMenu);
  const onNodesChange = useCallback((changes: NodeChange<BlockFlowNode>[]) => follow(changes, stage.model, setMoving), []);
  const drop = useDrop(setAim);
  const onDrag = useCallback((event: MouseEvent | TouchEvent, node: BlockFlowNode) => setAim(looseOver(event, node.id)), []);
  const onDragStop = useCallback((event: MouseEvent | TouchEvent, node?: BlockFlowNode) => {
    const over = node ? looseOver(event, node.id) : NO_AIM;
    setAim(NO_AIM);
    setMoving((now) => {
      if (now.size > 0) queueMicrotask(() => (over.edge && node ? putOnWire(node.id, over.edge) : commitMove(now)));
      return now;
    });
  }, []);
  useEffect(() => {
    if (selection.length === 1 && selection[0] !== undefined) showBlock(selection[0]);
  }, [selection]);
  const onSelectionDragStop = useCallback((event: React.MouseEvent) => onDragStop(event.nativeEvent), [onDragStop]);
  useEffect(() => setMoving(REST), [model]);

  return (
    <div ref={root} className="figure" data-leading={undefined} onDragOver={drop.over} onDragLeave={drop.leave} onDrop={drop.drop} role="presentation">
      <FigureHandles value={handles}>
        <WireHeads />
        <ReactFlow
          nodes={nodes}
          edges={edges}
          {...STEADY}
          onNodesChange={onNodesChange}
          onNodeDrag={onDrag}
          onNodeDragStop={onDragStop}
          onSelectionDragStop={onSelectionDragStop}
          {...menus}
        >
          <Fit size={size} ready={model.pieces.size > 0} />
          <Detail root={root} model={model} />
          <ConnectionHint />
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
  const model = useModel(network, analysis, blocks, open, size);
  useEffect(() => {
    const { analysed } = useStore.getState();
    if (!analysis || network.nodes.every((node) => node.position) || analysed !== meaningOf(network)) return;
    useStore.getState().arrange(withTabPlaces(model.stored, model.drawing.pieces));
  }, [network, analysis, model]);
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
    return routeAll(model.pieces, model.drawing.wires, places, model.routes, new Set(moving.keys()));
  }, [model, places, moving]);
}

function follow(changes: NodeChange<BlockFlowNode>[], model: Model | null, setMoving: (change: (now: ReadonlyMap<string, Point>) => ReadonlyMap<string, Point>) => void) {
  const moved = changes.filter((change) => change.type === "position" && change.position);
  if (moved.length > 0 && model) {
    setMoving((now) => {
      const next = new Map(now);
      for (const change of moved) {
        const piece = change.type === "position" ? model.pieces.get(change.id) : undefined;
        if (piece && change.type === "position" && change.position) next.set(change.id, placeOf(piece, change.position));
      }
      return next;
    });
  }
  const chosen = changes.filter((change) => change.type === "select");
  if (chosen.length === 0) return;
  const { selection, selectedEdges, select } = useStore.getState();
  const next = new Set(selection.filter((id) => model?.pieces.has(id)));
  for (const change of chosen) {
    if (change.type !== "select") continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  select([...next], selectedEdges);
}

function followEdges(changes: { type: string; id?: string; selected?: boolean }[]) {
  const { selection, selectedEdges, select } = useStore.getState();
  const next = new Set(selectedEdges);
  for (const change of changes) {
    if (change.type !== "select" || change.id === undefined) continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  select(selection, [...next]);
}

/** Blocks were let go: keep where they are, in the document's own terms while composites are open. */
function commitMove(moved: ReadonlyMap<string, Point>) {
  const { model } = stage;
  if (!model) return;
  const places = new Map<string, Point>();
  for (const [id, place] of moved) {
    const shown = model.places.get(id);
    const stored = model.stored.get(id);
    if (!shown || !stored) continue;
    places.set(id, { x: Math.round(stored.x + place.x - shown.x), y: Math.round(stored.y + place.y - shown.y) });
  }
  moveBlocks(places);
}

function useMenus(onMenu: CanvasProps["onMenu"]): Partial<ReactFlowProps<BlockFlowNode, WireFlowEdge>> {
  return useMemo(
    () => ({
      onPaneContextMenu: (event) => openMenu(event, null, onMenu),
      onNodeContextMenu: (event, node) => openMenu(event, node.id, onMenu),
      onEdgeContextMenu: (event, edge) => openEdgeMenu(event, edge.id, onMenu),
      onSelectionContextMenu: (event) => openMenu(event, useStore.getState().selection[0] ?? null, onMenu),
    }),
    [onMenu],
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
      onNotice,
      onFix: (id) => {
        const root = stage.model?.drawing.root;
        const found = useStore.getState().analysis?.notices.find((notice) => notice.level === "error" && root?.get(notice.node ?? "") === id);
        if (found) applyFix(found);
      },
    }),
    [onNotice],
  );
}

interface Aim {
  edge: string | null;
  node: string | null;
}
const NO_AIM: Aim = { edge: null, node: null };

/** A palette entry over the figure: on a wire it will be inserted, on a block added after it, else it stands free. */
function useDrop(setAim: (aim: Aim) => void) {
  const carries = (event: DragEvent) => event.dataTransfer.types.includes(PALETTE_TYPE);
  return {
    over: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      setAim(aimAt(event.clientX, event.clientY));
    },
    leave: () => setAim(NO_AIM),
    drop: (event: DragEvent) => {
      setAim(NO_AIM);
      const kind = event.dataTransfer.getData(PALETTE_TYPE);
      if (!kind || !stage.flow) return;
      event.preventDefault();
      const point = stage.flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      dropBlock(kind, { ...aimAt(event.clientX, event.clientY), point });
    },
  };
}

/** The wire under a block that is dragged, where the block has none of its own yet. */
function looseOver(event: MouseEvent | TouchEvent, id: string): Aim {
  if (!("clientX" in event) || stage.model?.drawing.wires.some((wire) => wire.source === id || wire.target === id)) return NO_AIM;
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  const edge = under.map((element) => element.closest<HTMLElement>(".react-flow__edge")).find(Boolean)?.dataset.id ?? null;
  return edge === null ? NO_AIM : { edge, node: null };
}

function aimAt(x: number, y: number): Aim {
  const under = document.elementsFromPoint(x, y);
  const node = under.map((element) => element.closest<HTMLElement>(".react-flow__node")).find(Boolean);
  if (node) return { edge: null, node: node.dataset.id ?? null };
  const edge = under.map((element) => element.closest<HTMLElement>(".react-flow__edge")).find(Boolean);
  return { edge: edge?.dataset.id ?? null, node: null };
}

function isAllowed(connection: Connection | WireFlowEdge): boolean {
  const { network } = useStore.getState();
  const without = network.edges.find((edge) => edge.source === endOf(connection.source) && edge.target === connection.target);
  return wireRefusal(connection.source, connection.target) === null || without !== undefined;
}

function openMenu(event: { preventDefault(): void; clientX: number; clientY: number } | MouseEvent, id: string | null, onMenu: CanvasProps["onMenu"]) {
  event.preventDefault();
  const { selection, select } = useStore.getState();
  if (id !== null && !selection.includes(id)) select([id]);
  if (id === null) select([]);
  onMenu({ x: event.clientX, y: event.clientY });
}

function openEdgeMenu(event: { preventDefault(): void; clientX: number; clientY: number }, key: string, onMenu: CanvasProps["onMenu"]) {
  event.preventDefault();
  useStore.getState().select([], [key]);
  onMenu({ x: event.clientX, y: event.clientY });
}

/** An error is written above its block where it would leave the window below. */
function placeNotes(root: HTMLElement | null) {
  const view = root?.getBoundingClientRect();
  for (const note of root?.querySelectorAll<HTMLElement>(".error-note") ?? []) {
    note.removeAttribute("data-above");
    const box = note.getBoundingClientRect();
    const block = note.parentElement?.getBoundingClientRect();
    if (view && block && box.bottom > view.bottom - 40 && block.top - box.height > view.top + 4) note.setAttribute("data-above", "");
  }
}

/** Fit the window when another document is shown and when its first layout is known. */
function Fit({ size, ready }: { size: { width: number; height: number }; ready: boolean }) {
  const loads = useStore((state) => state.loads);
  const analysed = useStore((state) => state.analysed !== null);
  const arranged = useStore((state) => state.network.nodes.length > 0 && state.network.nodes.every((node) => node.position));
  const done = useRef("");
  useEffect(() => {
    const key = `${loads} ${analysed} ${arranged} ${size.width} ${size.height}`;
    const first = done.current.split(" ").slice(0, 3).join(" ") !== `${loads} ${analysed} ${arranged}`;
    const mine = useStore.getState().past.length > 0;
    if (!ready || done.current === key || (mine && !first)) return;
    done.current = key;
    const frame = requestAnimationFrame(fitStage);
    return () => cancelAnimationFrame(frame);
  }, [loads, analysed, arranged, size, ready]);
  return null;
}
