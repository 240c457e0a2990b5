import { useMemo } from "react";
import { useCatalogue } from "../store/catalogue";
import { readDocument } from "../store/graph";
import type { Analysis, DatasetView } from "../generated/types";
import type { Piece } from "./drawing";
import { routeBox } from "./fit";
import type { Picture } from "./marks";
import { pictureOf } from "./picture";
import "./figure.css";
import "./slab.css";
import { blocksOf } from "./blocks";
import { boxAt } from "./geometry";
import { modelOf } from "./model";
import { StaticPieces } from "./StaticPieces";

interface Props {
  /** A network document; one without an analysis is drawn with shapes unknown. */
  network: unknown;
  analysis?: Analysis | null;
  /** Width over height of the space it fills. */
  ratio?: number;
  label?: string;
}

/** A small still drawing of a network, for cards and lists. It fills its box. */
export function Thumbnail({ network, analysis = null, ratio = 2.4, label }: Props) {
  const views = useCatalogue((state) => state.block);
  const drawn = useMemo(() => {
    const window = { width: 420 * ratio, height: 420 };
    const model = modelOf(readDocument(network), analysis, blocksOf(views), window, { words: false });
    return { model, view: viewOf(model) };
  }, [network, analysis, views, ratio]);
  const picture = useCatalogue((state) => sampleFor(drawn.model.pieces, state.datasets));
  if (drawn.model.pieces.size === 0) return null;
  const { pieces, places, routes, drawing } = drawn.model;
  return (
    <svg className="thumbnail" viewBox={drawn.view} preserveAspectRatio="xMidYMid meet" role={label ? "img" : undefined} aria-label={label} aria-hidden={label ? undefined : true}>
      <StaticPieces pieces={pieces} wires={drawing.wires} places={places} routes={routes} words={false} plain={pieces.size > 40} picture={picture} />
    </svg>
  );
}

const samples = new Map<string, Picture | null>();

/** A sample of the data set whose images have the input's size; the same object for the same data set. */
function sampleFor(pieces: ReadonlyMap<string, Piece>, datasets: readonly DatasetView[]): Picture | null {
  const shape = [...pieces.values()].find((piece) => piece.block === "input")?.shape?.join();
  const view = datasets.find(({ dataset, card }) => card && [dataset.channels, dataset.height, dataset.width].join() === shape);
  if (!view) return null;
  if (!samples.has(view.dataset.name)) samples.set(view.dataset.name, pictureOf(view));
  return samples.get(view.dataset.name) ?? null;
}

const AROUND = 8;

function viewOf({ pieces, places, routes }: ReturnType<typeof modelOf>): string {
  const boxes = [...pieces.values()].map((piece) => {
    const place = places.get(piece.id) ?? { x: 0, y: 0 };
    return boxAt(piece.size, place.x, place.y);
  });
  for (const route of routes.values()) boxes.push(routeBox(route));
  const left = Math.min(...boxes.map((box) => box.left)) - AROUND;
  const top = Math.min(...boxes.map((box) => box.top)) - AROUND;
  const width = Math.max(...boxes.map((box) => box.right)) + AROUND - left;
  const height = Math.max(...boxes.map((box) => box.bottom)) + AROUND - top;
  return `${left} ${top} ${Math.max(width, 160)} ${Math.max(height, 90)}`;
}
