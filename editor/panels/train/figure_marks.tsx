import { type RefObject, useEffect, useMemo, useRef } from "react";
import type { FigureMarks, PieceMark } from "../../canvas/marks";
import { cellGrid } from "../../charts/dead_rows";
import { gradientShare, rampCss } from "../../charts/ramp";
import { colour, themeVersion } from "../../charts/theme";
import { short } from "../../charts/words";
import { type MapsView, strongestChannel } from "../../live/inside";
import type { NamedLayer } from "../../live/layers";
import { painter } from "../../live/painter";
import { gradientLayer } from "../../live/wires";
import { useRun } from "../../store/run";
import { paintChannel } from "./map_pictures";

/** Widths of a live wire, px of the figure. */
const THIN = 1.5;
const WIDE = 12;

/** Draws in the painter's frames when the stamp changes; no React render per packet. */
function usePaint(stamp: () => string, paint: () => void): void {
  const latest = useRef({ stamp, paint });
  latest.current = { stamp, paint };
  useEffect(() => {
    let before = "";
    const stop = painter.add(() => {
      const now = `${themeVersion()} ${latest.current.stamp()}`;
      if (now === before) return;
      before = now;
      latest.current.paint();
    });
    return () => void stop();
  }, []);
}

/** The strongest feature map of the last of the piece's layers whose maps are known. */
function Face({ id, tabs, width, height }: PieceMark & { width: number; height: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useRun((state) => state.session);
  const { all } = useRun((state) => state.layers);
  const layers = useMemo(() => layersOf(all, id, tabs).reverse(), [all, id, tabs]);
  const find = (): MapsView | undefined => layers.map((layer) => session?.inside.maps.get(layer.id)).find((maps) => maps && maps.width > 1);
  usePaint(
    () => `${find()?.layer} ${find()?.step} ${find()?.probe} ${session?.still ? "still" : ""}`,
    () => {
      const maps = find();
      const box = canvas.current;
      if (!box) return;
      box.hidden = !maps;
      if (!maps) return;
      box.width = maps.width;
      box.height = maps.height;
      const context = box.getContext("2d");
      if (context) paintChannel(context, maps, strongestChannel(maps));
    },
  );
  return <canvas ref={canvas} className="face-map" style={{ width, height }} hidden aria-hidden="true" />;
}

function layersOf(all: readonly NamedLayer[], id: string, tabs: readonly string[]): NamedLayer[] {
  const nodes = new Set([id, ...tabs]);
  return all.filter((layer) => nodes.has(layer.node));
}

/** Most cells under one block; more units are told by a bar. */
const MOST_CELLS = 260;
const UNDER_HEIGHT = 14;

/** One cell per unit that can die, dead ones dark. */
function Under({ id, tabs, folded, width }: PieceMark & { width: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const session = useRun((state) => state.session);
  const { rectified } = useRun((state) => state.layers);
  const layers = useMemo(() => layersOf(rectified, id, tabs), [rectified, id, tabs]);
  const wide = Math.max(40, Math.min(96, width));
  usePaint(
    () => layers.map((layer) => `${session?.inside.units.get(layer.id)?.step}`).join() + (session?.still ? "still" : ""),
    () => {
      if (canvas.current && layers.length > 0) paintUnder(canvas.current, layers, (layer) => session?.inside.units.get(layer)?.dead ?? null, wide);
    },
  );
  const units = layers.reduce((sum, layer) => sum + layer.units, 0);
  if (folded) {
    return (
      <>
        {layers.length > 0 && <canvas ref={canvas} className="under-units" style={{ width: wide, height: UNDER_HEIGHT }} role="img" aria-label={`${units} units`} />}
        <LargestGradient ids={tabs} />
      </>
    );
  }
  if (layers.length === 0) return null;
  return <canvas ref={canvas} className="under-units" style={{ width: wide, height: UNDER_HEIGHT }} role="img" aria-label={layers.map((layer) => `${layer.units} units`).join(", ")} />;
}

/** A folded stage has many gradients; the largest is told. */
function LargestGradient({ ids }: { ids: readonly string[] }) {
  const words = useRef<HTMLSpanElement>(null);
  const session = useRun((state) => state.session);
  const view = useRun((state) => state.view);
  const { weighted } = useRun((state) => state.layers);
  const layers = useMemo(() => {
    const nodes = new Set(ids);
    return weighted.filter((layer) => nodes.has(layer.node));
  }, [weighted, ids]);
  const largest = () => (session && view ? Math.max(...layers.map((layer) => session.live.value("gradient_rms", layer.id, view.shown)).filter((value) => !Number.isNaN(value))) : -Infinity);
  usePaint(
    () => largest().toPrecision(2),
    () => {
      const value = largest();
      if (words.current) words.current.textContent = Number.isFinite(value) ? `gradient to ${short(value)}` : "";
    },
  );
  return <span ref={words} className="under-gradient" title="The largest gradient of its layers" />;
}

function paintUnder(canvas: HTMLCanvasElement, layers: NamedLayer[], dead: (layer: string) => Uint8Array | null, width: number): void {
  const ratio = 3; // sharp when the figure is zoomed in
  canvas.width = width * ratio;
  canvas.height = UNDER_HEIGHT * ratio;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.scale(ratio, ratio);
  const flags = layers.flatMap((layer) => Array.from(dead(layer.id) ?? new Uint8Array(layer.units)));
  if (flags.length > MOST_CELLS) {
    const share = flags.reduce((sum, flag) => sum + flag, 0) / flags.length;
    context.fillStyle = colour("unit-live");
    context.fillRect(0, 0, width, 5);
    context.fillStyle = colour("unit-dead");
    context.fillRect(0, 0, width * share, 5);
    context.strokeStyle = colour("unit-line");
    context.lineWidth = 0.5;
    context.strokeRect(0.25, 0.25, width - 0.5, 4.5);
    return;
  }
  const { columns, size } = cellGrid(flags.length, width, UNDER_HEIGHT, 5);
  const left = (width - columns * size) / 2;
  context.strokeStyle = colour("unit-line");
  context.lineWidth = 0.5;
  flags.forEach((flag, unit) => {
    const x = left + (unit % columns) * size;
    const y = Math.floor(unit / columns) * size;
    context.fillStyle = colour(flag ? "unit-dead" : "unit-live");
    context.fillRect(x, y, size - 0.6, size - 0.6);
    context.strokeRect(x + 0.25, y + 0.25, size - 0.6, size - 0.6);
  });
}

/** Width and colour by log10 of the gradient that flows back; ticks run from loss to input. */
function Wire({ source, target, d }: { source: string; target: string; d: string }) {
  const edge = useRef<SVGPathElement>(null);
  const body = useRef<SVGPathElement>(null);
  const ticks = useRef<SVGPathElement>(null);
  const whole = useRef<SVGGElement>(null);
  const session = useRun((state) => state.session);
  const view = useRun((state) => state.view);
  const network = useRun((state) => state.network);
  const { weighted } = useRun((state) => state.layers);
  const layer = useMemo(() => gradientLayer(network, weighted, source, target), [network, weighted, source, target]);
  const magnitude = () => (session && view && layer !== null ? session.live.value("gradient_rms", layer, view.shown) : Number.NaN);
  usePaint(
    () => magnitude().toPrecision(3),
    () => {
      const value = magnitude();
      const known = !Number.isNaN(value);
      const share = known ? gradientShare(value) : 0;
      const width = known ? THIN + share * (WIDE - THIN) : THIN;
      paintWire(edge, width + 1.6, known ? colour("slab-line") : "none");
      paintWire(body, width, known ? rampCss(0.15 + 0.85 * share) : colour("wire"));
      paintWire(ticks, Math.max(1, width * 0.3), known ? colour("ground") : "none");
      body.current?.toggleAttribute("data-explodes", value > 1);
      whole.current?.setAttribute("aria-label", known ? `Gradient flowing back: ${short(value)}` : "Gradient not measured yet");
    },
  );
  return (
    <g ref={whole} className="live-wire" role="img" aria-label="Gradient not measured yet">
      <path ref={edge} d={d} className="live-wire-edge" />
      <path ref={body} d={d} className="live-wire-body" />
      <path ref={ticks} d={d} className="live-wire-ticks" />
    </g>
  );
}

function paintWire(path: RefObject<SVGPathElement | null>, width: number, stroke: string): void {
  path.current?.setAttribute("stroke-width", width.toFixed(2));
  path.current?.setAttribute("stroke", stroke);
}

export const TRAIN_MARKS: FigureMarks = { Face, Under, Wire };
