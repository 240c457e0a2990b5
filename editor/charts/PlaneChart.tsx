import { type ComponentType, type CSSProperties, type KeyboardEvent, type MouseEvent, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { shortCount } from "../canvas/words";
import { Link, navigate } from "../routes";
import { type Axis, bestForCost, bubbleRadius, costRange, errorFloor, errorRange, linearAxis, logAxis, nextDot, type PlanePoint, stepLine, type Way } from "./plane";
import { type Area, LINE, type NamePlace, placeNames } from "./place_names";
import { words } from "./theme";
import { shortTitle } from "./titles";
import { tickWords } from "./words";

export interface PlaneChartProps<P extends PlanePoint> {
  /** In the order in which they choose a place for their name, after those that are best for their cost. */
  points: readonly P[];
  /** One line for those who do not see it. */
  summary: string;
  /** Quantity and unit at the axes: "multiply-adds, one image", "top-5 error, %". */
  costWords: string;
  errorWords: string;
  logErrors?: boolean;
  /** Ids of those that are best for their cost, from the cheapest on, where the site has said which. */
  best?: readonly string[];
  /** At most so many names. */
  mostNames?: number;
  /** What is told of a dot on hover and focus. */
  Card: ComponentType<{ point: P }>;
  svg?: RefObject<SVGSVGElement | null>;
  /** Of the box it fills, px. */
  width: number;
  height: number;
}

const MARGIN = { left: 46, right: 20, top: 30, bottom: 46 };
const LARGEST = 34; // px, radius of the largest bubble where there is room
const CROWD = 30; // more dots than this make each bubble smaller
const LEAST_HIT = 12; // px, radius of what the pointer can hit
const LONGEST = 28; // letters of a name
const LETTER = 6.6; // px, where nothing can be measured
const BEST = "best for its cost";
const KEYS: Record<string, Way> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

interface Dot<P> {
  point: P;
  x: number;
  y: number;
  radius: number;
  best: boolean;
  name: string;
}

/** Error against cost, one bubble a network. Arrows walk the dots, Enter opens one. */
export function PlaneChart<P extends PlanePoint>(props: PlaneChartProps<P>) {
  const { points, summary, costWords, errorWords, logErrors = false, best, mostNames = points.length, Card, svg, width, height } = props;
  const fonts = useFonts();
  const plane = useMemo(() => layOut(points, logErrors, mostNames, width, height, fonts, best), [points, logErrors, mostNames, width, height, fonts, best]);
  const { area, dots, cost, error, x, y } = plane;
  const [active, setActive] = useState<string | null>(null);
  const [focused, setFocused] = useState(false);
  const [hovered, setHovered] = useState<string | null>(null);
  const group = useRef<SVGGElement>(null);
  const current = dots.some((dot) => dot.point.id === active) ? active : plane.first;
  const told = dots.find((dot) => dot.point.id === (hovered ?? (focused ? current : null))) ?? null;
  const go = (id: string | null) => {
    if (id === null) return;
    setHovered(null);
    setActive(id);
    group.current?.querySelector<SVGAElement>(`[data-id="${CSS.escape(id)}"]`)?.focus();
  };
  const press = (event: KeyboardEvent) => {
    const way = KEYS[event.key];
    if (event.key === "Escape") setFocused(false);
    if ((!way && event.key !== "Home" && event.key !== "End") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const byCost = dots.toSorted((a, b) => a.point.cost - b.point.cost);
    go(way ? nextDot(points, current ?? "", way) : ((event.key === "Home" ? byCost[0] : byCost.at(-1))?.point.id ?? null));
  };
  const under = (event: MouseEvent<SVGSVGElement>) => {
    const frame = event.currentTarget.getBoundingClientRect();
    return dotAt(dots, plane.names, event.clientX - frame.left, event.clientY - frame.top);
  };
  // Where bubbles lie over each other the nearest middle counts, not the topmost. Enter on a link comes as a click without a place.
  const choose = (event: MouseEvent<SVGSVGElement>) => {
    const dot = event.detail > 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey ? under(event) : null;
    if (!dot) return;
    event.preventDefault();
    event.stopPropagation();
    navigate(dot.point.href);
  };
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- the pointer's way to the links inside */}
      <svg
        {...(svg ? { ref: svg } : {})}
        width={width}
        height={height}
        role="group"
        aria-label={summary}
        className="plane-svg"
        data-over={hovered === null ? undefined : ""}
        onPointerMove={(event) => setHovered(under(event)?.point.id ?? null)}
        onPointerLeave={() => setHovered(null)}
        onClickCapture={choose}
      >
        <Axes area={area} cost={cost} error={error} x={x} y={y} costWords={costWords} errorWords={errorWords} />
        <path className="plane-best" d={stepLine(plane.best, area.right)} />
        {plane.bestName && (
          <text className="plane-best-name" x={plane.bestName.x} y={plane.bestName.y} dy="0.34em" aria-hidden="true">
            {BEST}
          </text>
        )}
        {told && <path className="plane-cross" d={`M${area.left} ${told.y}H${told.x - told.radius}M${told.x} ${told.y + told.radius}V${area.bottom}`} />}
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the dots inside have the focus; arrows lead from one to the next */}
        <g ref={group} onKeyDown={press} onFocus={() => setFocused(true)} onBlur={() => setFocused(false)}>
          {dots.map((dot) => (
            <DotMark key={dot.point.id} dot={dot} reachable={dot.point.id === current} told={dot === told} onFocus={setActive} />
          ))}
        </g>
        <g className="plane-names" aria-hidden="true">
          {plane.names.map((name) => (
            <Name key={name.dot.point.id} {...name} told={name.dot === told} />
          ))}
        </g>
      </svg>
      {told && (
        <div className="plane-card" style={cardPlace(told, dots, width, height)} aria-hidden="true">
          <Card point={told.point} />
        </div>
      )}
    </>
  );
}

interface DotMarkProps<P> {
  dot: Dot<P>;
  reachable: boolean;
  told: boolean;
  onFocus: (id: string) => void;
}

function DotMark<P extends PlanePoint>({ dot: { point, x, y, radius, best }, reachable, told, onFocus }: DotMarkProps<P>) {
  return (
    <Link
      href={point.href}
      className="plane-dot"
      aria-label={point.spoken}
      tabIndex={reachable ? 0 : -1}
      data-id={point.id}
      data-mark={point.mark}
      data-best={best || undefined}
      data-told={told || undefined}
      draggable={false}
      style={point.token ? ({ "--dot-ink": `var(--${point.token})` } as CSSProperties) : undefined}
      onFocus={() => onFocus(point.id)}
    >
      <circle className="plane-hit" cx={x} cy={y} r={Math.max(LEAST_HIT, radius)} />
      <circle className="plane-ring" cx={x} cy={y} r={radius + 4} />
      <circle className="plane-bubble" cx={x} cy={y} r={radius} />
      <circle className="plane-middle" cx={x} cy={y} r="1.6" />
    </Link>
  );
}

interface PlacedName<P> {
  dot: Dot<P>;
  place: NamePlace;
  width: number;
}

function Name<P extends PlanePoint>({ dot, place: { x, y, thread }, told }: PlacedName<P> & { told: boolean }) {
  return (
    <g data-best={dot.best || undefined} data-told={told || undefined}>
      {thread && <path className="plane-thread" d={`M${thread[0]} ${thread[1]}L${thread[2]} ${thread[3]}`} />}
      <text className="plane-name" x={x} y={y} dy="0.34em">
        {dot.name}
        {dot.point.after && <tspan className="plane-after">{` ${dot.point.after}`}</tspan>}
      </text>
    </g>
  );
}

/** The dot whose name is pointed at, else the nearest one whose bubble is. */
function dotAt<P>(dots: readonly Dot<P>[], names: readonly PlacedName<P>[], x: number, y: number): Dot<P> | null {
  const named = names.find(({ place, width }) => x >= place.x - 2 && x <= place.x + width + 2 && Math.abs(y - place.y) <= LINE / 2);
  if (named) return named.dot;
  const away = (dot: Dot<P>) => Math.hypot(dot.x - x, dot.y - y);
  return dots.filter((dot) => away(dot) <= Math.max(LEAST_HIT, dot.radius)).toSorted((a, b) => away(a) - away(b))[0] ?? null;
}

interface AxesProps {
  area: Area;
  cost: Axis;
  error: Axis;
  x: (cost: number) => number;
  y: (error: number) => number;
  costWords: string;
  errorWords: string;
}

function Axes({ area, cost, error, x, y, costWords, errorWords }: AxesProps) {
  return (
    <g aria-hidden="true" className="plane-axes">
      {error.ticks.map((tick) => (
        <g key={tick}>
          <line x1={area.left} x2={area.right} y1={y(tick)} y2={y(tick)} />
          <text x={area.left - 8} y={y(tick)} dy="0.34em" textAnchor="end">
            {tickWords(tick)}
          </text>
        </g>
      ))}
      {cost.ticks.map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={area.top} y2={area.bottom} />
          <text x={x(tick)} y={area.bottom + 16} textAnchor="middle">
            {shortCount(tick)}
          </text>
        </g>
      ))}
      <text className="plane-unit" x="0" y="12">
        {errorWords}
      </text>
      <text className="plane-unit" x={area.right} y={area.bottom + 36} textAnchor="end">
        {costWords}
      </text>
    </g>
  );
}

function layOut<P extends PlanePoint>(points: readonly P[], logErrors: boolean, mostNames: number, width: number, height: number, measure: (text: string) => number, known?: readonly string[]) {
  const area = { left: MARGIN.left, top: MARGIN.top, right: width - MARGIN.right, bottom: height - MARGIN.bottom };
  const errors = points.map((point) => point.error);
  const floor = logErrors ? errorFloor(errors) : 0;
  const cost = logAxis(costRange(points.map((point) => point.cost)), Math.max(2, Math.floor((area.right - area.left) / 76)));
  const error = (logErrors ? logAxis : linearAxis)(errorRange(errors, logErrors), Math.max(2, Math.floor((area.bottom - area.top) / 64)));
  const x = (value: number) => area.left + cost.share(value) * (area.right - area.left);
  const y = (value: number) => area.bottom - error.share(Math.max(value, floor)) * (area.bottom - area.top);
  const most = Math.max(...points.map((point) => point.size));
  const largest = largestRadius(points.length, width, height);
  const best = known ? known.flatMap((id) => points.find((point) => point.id === id) ?? []) : bestForCost(points);
  const dotOf = (point: P): Dot<P> => ({
    point,
    x: x(point.cost),
    y: y(point.error),
    radius: bubbleRadius(point.size, most, largest),
    best: best.includes(point),
    name: shortTitle(point.name, LONGEST),
  });
  const chosen = [...best, ...points.filter((point) => !best.includes(point))].map(dotOf);
  const named = chosen.map((dot) => ({ x: dot.x, y: dot.y, radius: dot.radius, width: measure(`${dot.name}${dot.point.after ? ` ${dot.point.after}` : ""}`) }));
  const spots = best.map((point) => ({ x: x(point.cost), y: y(point.error) }));
  const found = placeNames(named, mostNames, area, linesOf(spots, area.right));
  const names: PlacedName<P>[] = chosen.flatMap((dot, index) => {
    const place = found[index];
    return place ? [{ dot, place, width: named[index]?.width ?? 0 }] : [];
  });
  const dots = chosen.toSorted((a, b) => b.radius - a.radius); // small ones over large ones
  const first = chosen[0]?.point.id ?? null; // the cheapest of the best
  return { area, cost, error, x, y, dots, first, names, best: spots, bestName: nameOfLine(spots, area, named, found, measure(BEST)) };
}

/** Radius of the largest bubble: less on a small drawing, and in a crowd. */
export const largestRadius = (count: number, width: number, height: number): number =>
  Math.min(LARGEST, Math.max(10, Math.min(width, height) / 16)) * Math.min(1, (CROWD / Math.max(1, count)) ** 0.25);

/** The line of the best as thin boxes, for names to keep off. */
function linesOf(spots: readonly { x: number; y: number }[], right: number): Area[] {
  return spots.flatMap(({ x, y }, index) => {
    const next = spots[index + 1];
    const along = { left: x, right: next?.x ?? right, top: y - 1, bottom: y + 1 };
    return next ? [along, { left: next.x - 1, right: next.x + 1, top: y, bottom: next.y }] : [along];
  });
}

/** Over the longest level part of the line that is free; null where none is. */
function nameOfLine(spots: readonly { x: number; y: number }[], area: Area, dots: readonly { x: number; y: number; radius: number; width: number }[], names: readonly (NamePlace | null)[], width: number) {
  const levels = spots.map(({ x, y }, index) => ({ from: x, to: spots[index + 1]?.x ?? area.right, y })).sort((a, b) => b.to - b.from - (a.to - a.from));
  for (const { from, to, y } of levels) {
    for (const middle of [y - LINE / 2 - 2, y + LINE / 2 + 2]) {
      const box = { left: to - 8 - width, right: to - 8, top: middle - LINE / 2, bottom: middle + LINE / 2 };
      if (box.left < from + 4 || box.top < area.top || box.bottom > area.bottom) continue;
      const hit = dots.some((dot, index) => {
        const name = names[index];
        const onName = name && box.left < name.x + dot.width + 6 && name.x - 6 < box.right && Math.abs(name.y - middle) < LINE;
        return onName || (dot.x + dot.radius > box.left - 4 && dot.x - dot.radius < box.right + 4 && Math.abs(dot.y - middle) < dot.radius + LINE / 2);
      });
      if (!hit) return { x: box.left, y: middle };
    }
  }
  return null;
}

const CARD = { width: 264, height: 150, gap: 14 };

/** Beside the dot, within the drawing, where the card covers the fewest other dots. */
function cardPlace({ x, y, radius }: Dot<PlanePoint>, dots: readonly Dot<PlanePoint>[], width: number, height: number): { left: number; top: number; width: number } {
  const lefts = [x + radius + CARD.gap, x - radius - CARD.gap - CARD.width].filter((left) => left >= 0 && left + CARD.width <= width);
  const tops = [y - 40, y - CARD.height + 20, y + radius + CARD.gap, y - radius - CARD.gap - CARD.height].map((top) => Math.max(0, Math.min(top, height - CARD.height)));
  const covered = (left: number, top: number) => dots.filter((dot) => dot.x > left - 8 && dot.x < left + CARD.width + 8 && dot.y > top - 8 && dot.y < top + CARD.height + 8).length;
  const places = (lefts.length > 0 ? lefts : [0]).flatMap((left) => tops.map((top) => ({ left, top, width: CARD.width })));
  return places.reduce((best, place) => (covered(place.left, place.top) < covered(best.left, best.top) ? place : best));
}

/** How wide words are in the chart's font; anew once the page's fonts have come. */
function useFonts(): (text: string) => number {
  const [loaded, setLoaded] = useState(document.fonts?.status === "loaded");
  useEffect(() => {
    let here = true;
    void document.fonts?.ready.then(() => here && setLoaded(true));
    return () => {
      here = false;
    };
  }, []);
  return useMemo(() => {
    void loaded;
    const context = document.createElement("canvas").getContext("2d");
    if (context) context.font = words(12, 600);
    return (text: string) => context?.measureText(text).width ?? LETTER * text.length;
  }, [loaded]);
}
