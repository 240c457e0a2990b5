/** Which layers' feature maps are drawn on the faces of the figure's blocks. */
import type { LayerInfo } from "../generated/types";

/** A job sends the maps of at most 16 layers; a few stay free for what people choose. */
const FACES = 12;

/** Blocks drawn on the face of the one before them: their pictures stand for both. */
const FOLLOWERS = new Set(["relu", "leaky_relu", "tanh", "sigmoid", "swish", "step", "linear_activation", "batch_norm"]);

/** The last picture each block makes (after its activation), spread over the network where there are many. */
export function distinctFaces(layers: readonly LayerInfo[]): string[] {
  const pictures = layers.filter(
    (layer, index) => layer.shape.length === 3 && (layer.shape[1] ?? 1) > 1 && layer.block !== "input" && !FOLLOWERS.has(layers[index + 1]?.block ?? ""),
  );
  if (pictures.length <= FACES) return pictures.map((layer) => layer.id);
  const rectified = pictures.filter((layer) => layer.units > 0);
  const wanted = rectified.length > 0 ? rectified : pictures;
  if (wanted.length <= FACES) return wanted.map((layer) => layer.id);
  const places = Array.from({ length: FACES }, (_, index) => Math.round((index * (wanted.length - 1)) / (FACES - 1)));
  return Array.from(new Set(places), (place) => (wanted[place] as LayerInfo).id);
}
