import type { DatasetView } from "../generated/types";
import { api } from "../net/api";
import type { Picture } from "./marks";

/** The first sample of a data set, cut out of its sheet of samples; null until a worker has reported the data. */
export function pictureOf(view: DatasetView | undefined): Picture | null {
  const card = view?.card;
  if (!view || !card) return null;
  const { tile_width: width, tile_height: height, columns } = card;
  return {
    url: api.samplesUrl(view.dataset.name),
    part: [0, 0, width, height],
    full: [columns * width, view.dataset.classes.length * height],
  };
}
