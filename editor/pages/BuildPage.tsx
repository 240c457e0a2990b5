import { ReactFlowProvider } from "@xyflow/react";
import { type DragEvent, useCallback, useEffect, useMemo, useState } from "react";
import { command } from "../actions/commands";
import { importFile } from "../actions/files";
import { useKeyboard } from "../actions/keyboard";
import { openNotice, useOpenNotice } from "../actions/notices";
import { Canvas } from "../canvas/Canvas";
import { numberNotices } from "../canvas/notices";
import { stage } from "../canvas/stage";
import { CostDock } from "../panels/CostDock";
import { EmptyFigure, FirstStep } from "../panels/EmptyFigure";
import { NoticeStrip } from "../panels/NoticeStrip";
import { Palette } from "../panels/Palette";
import { PreviewFigure } from "../panels/PreviewFigure";
import { Remarks } from "../panels/Remarks";
import { SidePanel } from "../panels/SidePanel";
import { TopBar } from "../panels/top/TopBar";
import { useRoute } from "../routes";
import { useStore } from "../store";
import { watchAnalysis } from "../store/analyser";
import { openRoute, useExperiment } from "../store/experiment";
import { watchFolding } from "../store/folding";
import { Button, IconButton } from "../ui/Button";
import type { IconName } from "../ui/Icon";
import { Menu, type MenuItem } from "../ui/Menu";
import "../panels/build.css";
import { lazily, usePrefetchAtTouch } from "../ui/lazily";

const Inspector = lazily(() => import("../panels/Inspector").then((module) => module.Inspector), <aside className="inspector" aria-hidden="true" />);
const ContextMenu = lazily(() => import("../panels/ContextMenu").then((module) => module.ContextMenu));
const NoticeCard = lazily(() => import("../panels/NoticeCard").then((module) => module.NoticeCard));
const KeyboardHelp = lazily(() => import("../panels/KeyboardHelp").then((module) => module.KeyboardHelp));
const ON_DEMAND = [Inspector, NoticeCard, ContextMenu, KeyboardHelp];

/** The build view: palette, figure, cost, and the inspector or how to train. */
export function BuildPage() {
  const status = useExperiment((state) => state.status);
  useEffect(watchAnalysis, []);
  useEffect(watchFolding, []);
  usePrefetchAtTouch(ON_DEMAND);
  return (
    <div className="build">
      <TopBar />
      <Palette />
      <main id="content" className="build-figure">
        {status === "ready" ? <OpenFigure /> : <Waiting status={status} />}
      </main>
      {status === "ready" ? <Right /> : <aside className="inspector" aria-hidden="true" />}
    </div>
  );
}

function Right() {
  const chosen = useStore((state) => state.selection.length > 0 || state.selectedEdges.length > 0);
  return chosen ? <Inspector /> : <SidePanel />;
}

function OpenFigure() {
  const analysis = useStore((state) => state.analysis);
  const bare = useStore((state) => (state.network.nodes.length === 0 ? "empty" : state.network.edges.length === 0 ? "unwired" : null));
  const notices = useMemo(() => numberNotices(analysis), [analysis]);
  const openKey = useOpenNotice((state) => state.open);
  const [menu, setMenu] = useState<{ x: number; y: number } | null>(null);
  const [help, setHelp] = useState(false);
  useKeyboard(useCallback(() => setHelp(true), []));
  const shown = notices.find((other) => other.key === openKey);
  const showFor = useCallback(
    (id: string) => {
      const mine = notices.filter(({ notice }) => notice.node !== null && rootOf(notice.node) === id);
      const at = mine.findIndex((other) => other.key === openKey);
      openNotice(mine.length > 0 && at === mine.length - 1 && at >= 0 ? null : (mine[at + 1]?.key ?? null));
    },
    [notices, openKey],
  );
  const plain = useMemo(() => notices.map(({ notice }) => notice), [notices]);
  const files = useFileDrop();
  return (
    <ReactFlowProvider>
      <div className="build-canvas" data-file={files.over || undefined} onDragOver={files.onDragOver} onDragLeave={files.onDragLeave} onDrop={files.onDrop} role="presentation">
        <Canvas notices={notices} onNotice={showFor} onMenu={setMenu} caption={<Caption onHelp={() => setHelp(true)} />}>
          {shown && <NoticeCard shown={shown} at={notices.indexOf(shown)} of={notices.length} />}
        </Canvas>
        {bare === "empty" && <EmptyFigure />}
        {bare === "unwired" && <FirstStep />}
        <NoticeStrip notices={notices} />
        <PreviewFigure notices={notices} />
      </div>
      <CostDock notices={plain} />
      <Remarks />
      {menu && <ContextMenu at={menu} on={chosenKind()} onClose={() => setMenu(null)} />}
      {help && <KeyboardHelp onClose={() => setHelp(false)} />}
    </ReactFlowProvider>
  );
}

const rootOf = (id: string): string => stage.model?.drawing.root.get(id) ?? id;

function chosenKind(): "block" | "wire" | "ground" {
  const { selection, selectedEdges } = useStore.getState();
  return selection.length > 0 ? "block" : selectedEdges.length > 0 ? "wire" : "ground";
}

/** An entry of the menu that does what a command does. */
function entry(id: string, icon: IconName, hint?: string): MenuItem {
  const found = command(id);
  return { label: found?.label ?? id, icon, ...(hint === undefined ? {} : { hint }), blocked: found?.blocked?.() ?? null, onSelect: () => found?.run?.() };
}

function Caption({ onHelp }: { onHelp: () => void }) {
  const empty = useStore((state) => state.network.nodes.length === 0);
  return (
    <>
      <Menu
        label="Network"
        items={[
          entry("tidy", "grid", "L"),
          null,
          entry("export", "download"),
          entry("svg", "image"),
          entry("png", "image"),
          entry("export-code", "code"),
          entry("export-onnx", "layers"),
          entry("import", "folder"),
          null,
          { label: "Keyboard", icon: "keyboard", hint: "?", onSelect: onHelp },
        ]}
      >
        <IconButton label="Network: tidy up, export, open a file, keyboard" icon="dots" size="small" />
      </Menu>
      {!empty && (
        <span>
          <b>Fig. 1</b>Face is H × W, thickness is channels; both on a √ scale.
        </span>
      )}
    </>
  );
}

/** A network file dropped anywhere on the figure. */
function useFileDrop() {
  const [over, setOver] = useState(false);
  const carries = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    over,
    onDragOver: (event: DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      const file = event.dataTransfer.files[0];
      if (!file) return;
      event.preventDefault();
      void importFile(file);
    },
  };
}

function Waiting({ status }: { status: string }) {
  const problem = useExperiment((state) => state.problem);
  const route = useRoute();
  if (status === "failed") {
    return (
      <div className="build-waiting" role="alert">
        <p>{problem}</p>
        <Button onClick={() => openRoute(route)}>Try again</Button>
      </div>
    );
  }
  return <div className="figure build-loading" aria-busy="true" aria-label="Loading the network" />;
}
