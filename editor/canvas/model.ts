import { useMemo, useRef } from "react";
import type { Analysis, Network } from "../generated/types";
import { edgeKeys } from "../store/graph";
import { arrange } from "./arrange";
import { type Blocks, draw, type Drawing, type Piece, reuse, subjectOf } from "./drawing";
import { fold, type Foldable, foldablesOf, type Folding, foldingFor } from "./folding";
import { type Hull, hullsOf } from "./hulls";
import { type Inside, openPiece, spread } from "./inside";
import type { Window } from "./layout";
import { knownPlaces, makeRoom } from "./room";
import type { Point } from "./rounded";
import { type Route, routeAll } from "./route";

/** Everything the figure draws, from the document and its analysis. */
export interface Model {
  drawing: Drawing;
  /** Pieces as drawn: open composites are hulls. */
  pieces: ReadonlyMap<string, Piece>;
  insides: ReadonlyMap<string, Inside>;
  /** Stages and runs that could fold, open and folded ones. */
  foldables: readonly Foldable[];
  /** How they are folded now: as the user turned them, or as their number suggests. */
  folding: Folding;
  hulls: readonly Hull[];
  /** The document holds a place for everything that is drawn. */
  arranged: boolean;
  /** The document's places are of another folding: it keeps them until something is moved. */
  refolded: boolean;
  /** Places while composites are closed, for what is saved. */
  stored: ReadonlyMap<string, Point>;
  /** Places on the page. */
  places: ReadonlyMap<string, Point>;
  routes: ReadonlyMap<string, Route>;
}

export interface ModelOptions {
  /** Composite blocks that show their inside. */
  open?: readonly string[];
  /** null until the user folds or opens something: large networks are folded. */
  folding?: Folding | null;
  /** Keep room for names and shapes. */
  words?: boolean;
  /** Room for what the view adds under names, px. */
  under?: number;
}

const NONE_OPEN: readonly string[] = [];

export function modelOf(network: Network, analysis: Analysis | null, blocks: Blocks, window: Window, options: ModelOptions = {}, previous: Drawing | null = null): Model {
  const { open = NONE_OPEN, words = true, under = 0 } = options;
  const subject = subjectOf(network, analysis, edgeKeys(network));
  const whole = draw(subject, blocks);
  const foldables = foldablesOf(whole, subject.nodes);
  const folding = options.folding ?? foldingFor(whole);
  const folded = fold(whole, foldables, folding);
  const drawing = reuse(folded.drawing, previous);
  const known = knownPlaces(network.nodes, folded);
  const stored = known.size === 0 ? arrange(folded, window, words, under) : makeRoom(drawing, known);
  const { pieces, insides } = openAll(drawing, analysis, blocks, open);
  const places = insides.size > 0 ? spread(stored, drawing.pieces, pieces) : stored;
  const plain = routeAll(pieces, drawing.wires, places);
  const hulls = hullsOf(folded.open, drawing, pieces, places, plain, under);
  return {
    drawing,
    pieces,
    insides,
    foldables,
    folding,
    hulls,
    arranged: known.size === drawing.pieces.size,
    refolded: known.size === 0 && network.nodes.some((node) => node.position !== null),
    stored,
    places,
    routes: hulls.length > 0 ? routeAll(pieces, drawing.wires, places, { hulls }) : plain,
  };
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
export function useModel(network: Network, analysis: Analysis | null, blocks: Blocks, window: Window, open: readonly string[], folding: Folding | null, under = 0): Model {
  const previous = useRef<Drawing | null>(null);
  return useMemo(() => {
    const model = modelOf(network, analysis, blocks, window, { open, folding, under }, previous.current);
    previous.current = model.drawing;
    return model;
  }, [network, analysis, blocks, open, folding, under, window]);
}
