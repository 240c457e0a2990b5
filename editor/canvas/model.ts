import { useMemo, useRef } from "react";
import type { Analysis, Network } from "../generated/types";
import { edgeKeys } from "../store/graph";
import { type Blocks, draw, type Drawing, type Piece, reuse, subjectOf } from "./drawing";
import { type Inside, openPiece, spread } from "./inside";
import { layout, type Window } from "./layout";
import { knownPlaces, makeRoom } from "./room";
import type { Point } from "./rounded";
import { type Route, routeAll } from "./route";

/** Everything the figure draws, from the document and its analysis. */
export interface Model {
  drawing: Drawing;
  /** Pieces as drawn: open composites are hulls. */
  pieces: ReadonlyMap<string, Piece>;
  insides: ReadonlyMap<string, Inside>;
  /** Places in the document's own terms, for what is saved. */
  stored: ReadonlyMap<string, Point>;
  /** Places on the page. */
  places: ReadonlyMap<string, Point>;
  routes: ReadonlyMap<string, Route>;
}

export function modelOf(network: Network, analysis: Analysis | null, blocks: Blocks, open: readonly string[], window: Window, previous: Drawing | null, words = true): Model {
  const drawing = reuse(draw(subjectOf(network, analysis, edgeKeys(network)), blocks), previous);
  const known = knownPlaces(network.nodes, drawing);
  const stored = known.size === 0 ? layout(drawing, window, words) : makeRoom(drawing, known);
  const { pieces, insides } = openAll(drawing, analysis, blocks, open);
  const places = insides.size > 0 ? spread(stored, drawing.pieces, pieces) : stored;
  return { drawing, pieces, insides, stored, places, routes: routeAll(pieces, drawing.wires, places) };
}

function openAll(drawing: Drawing, analysis: Analysis | null, blocks: Blocks, open: readonly string[]) {
  const insides = new Map<string, Inside>();
  const pieces = new Map(drawing.pieces);
  for (const id of open) {
    const piece = pieces.get(id);
    const facts = analysis?.nodes[id];
    if (!piece || !facts?.inside?.length) continue;
    const opened = openPiece(piece, facts.inside, facts.inputs[0] ?? [], blocks, drawing.scale);
    pieces.set(id, opened.piece);
    insides.set(id, opened.inside);
  }
  return { pieces, insides };
}

/** The model, made anew when its sources change; unchanged pieces stay the same objects. */
export function useModel(network: Network, analysis: Analysis | null, blocks: Blocks, open: readonly string[], window: Window): Model {
  const previous = useRef<Drawing | null>(null);
  return useMemo(() => {
    const model = modelOf(network, analysis, blocks, open, window, previous.current);
    previous.current = model.drawing;
    return model;
  }, [network, analysis, blocks, open, window]);
}
