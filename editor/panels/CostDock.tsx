import { type ReactNode, type RefObject, useMemo, useRef } from "react";
import { fileName } from "../actions/files";
import { copyText, saveText } from "../actions/handing";
import { goTo } from "../actions/session";
import { blocksOf } from "../canvas/blocks";
import { showBlock } from "../canvas/stage";
import { byteText, fullCount, shapeText } from "../canvas/words";
import type { Notice } from "../generated/types";
import { useStore } from "../store";
import { useCatalogue } from "../store/catalogue";
import { useExperiment } from "../store/experiment";
import { useShown } from "../store/preview";
import { useUi } from "../store/ui";
import { IconButton } from "../ui/Button";
import { lazily, usePrefetchAtTouch } from "../ui/lazily";
import { Menu } from "../ui/Menu";
import { type Column, type CostFact, costFact, drawnColumns, shareText, stageColumns, sumOf, valuesOf } from "./costColumns";
import { ColumnPlot, SIDE } from "./dock/ColumnPlot";
import { CostBars, CostSide } from "./dock/CostBars";
import { CostTable, tableText } from "./dock/CostTable";
import { DockHead } from "./dock/DockHead";
import { chartSvg } from "./dock/chartFile";
import { spokenVolume, volumeOf } from "./dock/volume";
import { useElementSize } from "./useElementSize";
import "./dock/dock.css";

const VolumeChart = lazily(() => import("./dock/VolumeChart").then((module) => module.VolumeChart));
const VolumeSide = lazily(() => import("./dock/VolumeChart").then((module) => module.VolumeSide));
const OTHER_VIEW = [VolumeChart, VolumeSide];

/** What the volume chart draws. */
const DRAWN = "Values that pass each depth, on a log scale; ticks are single blocks where several stand side by side.";

/** Under the figure: what each block or stage costs, and the data volume along the network. */
export function CostDock({ notices }: { notices: readonly Notice[] }) {
  usePrefetchAtTouch(OTHER_VIEW);
  const { network, analysis, previewed } = useShown();
  const view = useUi((state) => state.dockView);
  const wanted = useUi((state) => state.dockBy);
  const asTable = useUi((state) => state.dockTable);
  const blocks = blocksOf(useCatalogue((state) => state.block));
  const drawn = useMemo(() => drawnColumns(network, analysis, blocks), [network, analysis, blocks]);
  const by = analysis && analysis.stages.length > 0 && (view === "cost" || asTable) ? wanted : "block";
  const columns = useMemo(() => (by === "stage" && analysis ? stageColumns(drawn, analysis) : drawn), [by, drawn, analysis]);
  const frame = useRef<HTMLDivElement>(null);
  const volume = useMemo(() => volumeOf(drawn, network.edges), [drawn, network.edges]);
  const kinds = useMemo(() => new Map(network.nodes.map((node) => [node.id, node.block])), [network]);
  const fact = useMemo(() => costFact(columns, (column) => column.ids.some((id) => blocks.get(kinds.get(id) ?? "")?.family === "dense"), by), [columns, blocks, kinds, by]);
  const drawing = view === "volume" && !asTable;
  const first = by === "stage" ? "Stage" : "Block";
  return (
    <section className="dock" aria-label={previewed ? "Cost of each block, previewed" : "Cost of each block"} data-previewed={previewed || undefined}>
      <DockHead stages={(analysis?.stages.length ?? 0) > 0 && (view === "cost" || asTable)} fact={drawing ? DRAWN : fact.words}>
        <Files frame={frame} columns={columns} first={first} chart={!asTable} />
      </DockHead>
      <div ref={frame} className="dock-chart">
        {asTable ? <CostTable columns={columns} first={first} onGo={goToColumn} /> : <Charts frame={frame} view={view} columns={view === "volume" ? volume.columns : columns} volume={volume} notices={notices} fact={fact} summary={view === "volume" ? spokenVolume(volume) : fact.words} />}
      </div>
    </section>
  );
}

/** A column's block gets the choice and the keyboard; all blocks of a stage are chosen together. */
function goToColumn(column: Column) {
  if (column.ids.length > 0 && column.stage !== null && column.label === column.stage) {
    useStore.getState().select(column.ids);
    showBlock(column.id);
  } else goTo(column.id);
}

interface ChartsProps {
  frame: RefObject<HTMLDivElement | null>;
  view: "cost" | "volume";
  columns: readonly Column[];
  volume: ReturnType<typeof volumeOf>;
  notices: readonly Notice[];
  fact: CostFact;
  summary: string;
}

function Charts({ frame, view, columns, volume, notices, fact, summary }: ChartsProps) {
  const { width, height } = useElementSize(frame);
  const selection = useStore((state) => state.selection);
  const noticed = useMemo(() => new Set(notices.flatMap(({ node, level }) => (node && level === "warning" ? [node] : []))), [notices]);
  const falls = useMemo(() => new Set(notices.flatMap(({ id, node }) => (node && id.startsWith("bottleneck.") ? [node] : []))), [notices]);
  const chosen = columns.findIndex((column) => column.ids.some((id) => selection.includes(id)));
  if (columns.length === 0 || width < SIDE + 40 || height < 40) return <p className="dock-none">{columns.length === 0 ? "Starts with the first block." : ""}</p>;
  const said = (column: Column) => notices.find(({ node, level }) => level === "warning" && node !== null && column.ids.includes(node))?.message ?? null;
  return (
    <ColumnPlot
      columns={columns}
      width={width}
      height={height}
      summary={`${view === "volume" ? "Data volume along the network" : "What each block costs"}. ${summary}`}
      chosen={chosen}
      speak={(column) => speak(column, columns)}
      renderCard={(column) => <Card column={column} columns={columns} said={said(column)} />}
      renderSide={(frame) => (view === "volume" ? <VolumeSide volume={volume} frame={frame} /> : <CostSide frame={frame} />)}
      onGo={goToColumn}
    >
      {(frame) => (view === "volume" ? <VolumeChart volume={volume} frame={frame} chosen={chosen} falls={falls} /> : <CostBars columns={columns} frame={frame} chosen={chosen} noticed={noticed} fact={fact} />)}
    </ColumnPlot>
  );
}

function speak(column: Column, columns: readonly Column[]): string {
  const { label, shape, macs, parameters, activation_bytes } = column;
  const out = shape ? `output ${shapeText(shape)}, ${fullCount(valuesOf(shape))} values` : "output unknown";
  const share = (quantity: "macs" | "parameters") => (column[quantity] > 0 ? `, ${shareText(column[quantity], sumOf(columns, quantity))}` : "");
  return `${label}: ${out}; ${fullCount(macs)} multiply-adds${share("macs")}; ${fullCount(parameters)} parameters${share("parameters")}; activations ${byteText(activation_bytes)}`;
}

function Card({ column, columns, said }: { column: Column; columns: readonly Column[]; said: string | null }) {
  const { label, shape, macs, parameters, activation_bytes } = column;
  const line = (name: string, value: ReactNode, share: string) => (
    <tr>
      <th scope="row">{name}</th>
      <td>{value}</td>
      <td className="dock-share">{share}</td>
    </tr>
  );
  return (
    <>
      <p className="dock-card-name">{label}</p>
      <table>
        <tbody>
          {line("Output", shape ? shapeText(shape) : "unknown", "")}
          {shape && shape.length > 1 && line("Values", fullCount(valuesOf(shape)), "")}
          {line("Multiply-adds", fullCount(macs), macs > 0 ? shareText(macs, sumOf(columns, "macs")) : "")}
          {line("Parameters", fullCount(parameters), parameters > 0 ? shareText(parameters, sumOf(columns, "parameters")) : "")}
          {line("Activations", byteText(activation_bytes), shareText(activation_bytes, sumOf(columns, "activation_bytes")))}
        </tbody>
      </table>
      {said && <p className="dock-card-said">{said}</p>}
    </>
  );
}

/** The dock's numbers and its chart, to take along. */
function Files({ frame, columns, first, chart }: { frame: RefObject<HTMLDivElement | null>; columns: readonly Column[]; first: string; chart: boolean }) {
  const none = columns.length === 0 ? "There is nothing to count yet" : null;
  const name = () => fileName(useExperiment.getState().name);
  const copy = () => copyText(tableText(columns, first, "\t"), "Copied. Paste it into a spreadsheet.");
  const save = (text: string, ending: string, type: string) => saveText(text, `${name()}-cost.${ending}`, type);
  const saveChart = () => {
    const plot = frame.current?.querySelector(".dock-plot");
    if (plot) save(chartSvg(plot, getComputedStyle(document.documentElement).getPropertyValue("--surface").trim()), "svg", "image/svg+xml");
  };
  return (
    <Menu
      label="Numbers and chart"
      align="end"
      items={[
        { label: "Copy the numbers", icon: "copy", onSelect: () => void copy(), blocked: none },
        { label: "Save the numbers as CSV", icon: "download", onSelect: () => save(`${tableText(columns, first, ",")}\n`, "csv", "text/csv"), blocked: none },
        { label: "Save the chart as SVG", icon: "image", onSelect: saveChart, blocked: none ?? (chart ? null : "Show the chart first") },
      ]}
    >
      <IconButton label="Copy or save the numbers" icon="dots" size="small" />
    </Menu>
  );
}
