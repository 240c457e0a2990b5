import type { Edge } from "../generated/types";

export type Direction = "left" | "right" | "up" | "down";

interface Standing {
  x: number;
  y: number;
}

/**
 * The block an arrow key leads to. Left and right follow the wires, to the one nearest in height; up and down go to
 * the neighbour of the same column, or the nearest block that way.
 */
export function walk(from: string, way: Direction, edges: readonly Edge[], places: ReadonlyMap<string, Standing>): string | null {
  const here = places.get(from);
  if (!here) return null;
  if (way === "left" || way === "right") {
    const along = edges.flatMap(({ source, target }) =>
      way === "right" ? (source === from ? [target] : []) : target === from ? [source] : [],
    );
    return nearest(along, places, (place) => Math.abs(place.y - here.y));
  }
  const sign = way === "down" ? 1 : -1;
  const that = [...places.keys()].filter((id) => ((places.get(id)?.y ?? 0) - here.y) * sign > 4);
  return nearest(that, places, (place) => Math.abs(place.y - here.y) + 2 * Math.abs(place.x - here.x));
}

/** The nearest block that way, wired or not: for connecting by keyboard. */
export function lookTowards(from: string, way: Direction, places: ReadonlyMap<string, Standing>): string | null {
  const here = places.get(from);
  if (!here) return null;
  const [dx, dy] = { left: [-1, 0], right: [1, 0], up: [0, -1], down: [0, 1] }[way] as [number, number];
  const ahead = [...places].filter(([id, place]) => id !== from && (place.x - here.x) * dx + (place.y - here.y) * dy > 4);
  return nearest(ahead.map(([id]) => id), places, (place) => {
    const along = (place.x - here.x) * dx + (place.y - here.y) * dy;
    const aside = Math.abs((place.x - here.x) * dy) + Math.abs((place.y - here.y) * dx);
    return along + 2 * aside;
  });
}

function nearest(ids: readonly string[], places: ReadonlyMap<string, Standing>, distance: (place: Standing) => number): string | null {
  let best: { id: string; far: number } | null = null;
  for (const id of ids) {
    const place = places.get(id);
    const far = place ? distance(place) : Infinity;
    if (!best || far < best.far) best = { id, far };
  }
  return best?.id ?? null;
}
