/** What the network looks like inside at one moment: newest feature maps, gradients, weights, fields, dead units, histograms, prediction, evaluations and mistakes. */
import type { EffectiveField, Evaluation, Gradients, Histogram, Maps, Mistakes, Prediction, Units, WeightImages } from "../generated/types";
import { int32, uint32, type WireRecord } from "../net/wire";

export interface MapsView extends Maps {
  /** One byte a pixel, [channels][height][width]; value = low + byte·(high − low)/255. */
  bytes: Uint8Array;
}

export interface GradientsView extends Gradients {
  /** One signed byte a value, [channels][height][width]; value = byte·peak/127. */
  bytes: Int8Array;
}

export interface WeightsView extends WeightImages {
  /** One byte a weight, [units][channels][height][width]; value = low + byte·(high − low)/255. */
  bytes: Uint8Array;
}

export interface EffectiveFieldView extends EffectiveField {
  /** One byte a pixel of the image, [height][width]; influence = byte·peak/255. */
  bytes: Uint8Array;
}

export interface UnitsView extends Units {
  /** 1 = dead. */
  dead: Uint8Array;
  /** Of each unit; null in records of older workers. */
  past: UnitsPast | null;
}

/** Steps, with NO_STEP for none. */
export interface UnitsPast {
  since: Uint32Array;
  revived: Uint32Array;
  revivals: Uint32Array;
}

export const NO_STEP = 2 ** 32 - 1;

export interface HistogramView extends Histogram {
  counts: Uint32Array;
}

/** Where a histogram is kept. */
export const histogramKey = (layer: string, of: Histogram["of"]): string => `${of} ${layer}`;

export interface EvaluationView extends Evaluation {
  /** [true class][said class] */
  confusion: Int32Array;
}

export interface PredictionView extends Prediction {
  /** uint8 [channels][height][width] of an image given by hand; null for one of the data set. */
  image: { shape: [number, number, number]; bytes: Uint8Array } | null;
}

export type Split = Evaluation["split"];

export interface MistakesView extends Mistakes {
  /** One byte a channel of a pixel, [mistakes][channels][height][width]. */
  bytes: Uint8Array;
}

export class Inside {
  readonly maps = new Map<string, MapsView>();
  /** By layer: how the loss of the probe image flows back to its output. */
  readonly gradients = new Map<string, GradientsView>();
  readonly weights = new Map<string, WeightsView>();
  /** By layer: what its middle really sees of the probe image. */
  readonly fields = new Map<string, EffectiveFieldView>();
  readonly units = new Map<string, UnitsView>();
  /** By histogramKey. */
  readonly histograms = new Map<string, HistogramView>();
  readonly evaluations = new Map<Split, EvaluationView>();
  readonly mistakes = new Map<Split, MistakesView>();
  prediction: PredictionView | null = null;
  version = 0;

  /** Keeps the record if it is of one of these kinds; says whether it was. Bytes are copied, so that the frame can go. */
  take({ header, payload }: WireRecord): boolean {
    switch (header.kind) {
      case "maps": {
        const maps = header as unknown as Maps;
        this.maps.set(maps.layer, { ...maps, bytes: payload.slice(0, maps.channels * maps.height * maps.width) });
        break;
      }
      case "gradients": {
        const gradients = header as unknown as Gradients;
        const bytes = payload.slice(0, gradients.channels * gradients.height * gradients.width);
        this.gradients.set(gradients.layer, { ...gradients, bytes: new Int8Array(bytes.buffer) });
        break;
      }
      case "weights": {
        const weights = header as unknown as WeightImages;
        this.weights.set(weights.layer, { ...weights, bytes: payload.slice(0, weights.units * weights.channels * weights.height * weights.width) });
        break;
      }
      case "effective_field": {
        const field = header as unknown as EffectiveField;
        this.fields.set(field.layer, { ...field, bytes: payload.slice(0, field.height * field.width) });
        break;
      }
      case "units": {
        const units = header as unknown as Units;
        this.units.set(units.layer, { ...units, dead: payload.slice(0, units.units), past: unitsPast(payload, units.units) });
        break;
      }
      case "histogram": {
        const histogram = header as unknown as Histogram;
        this.histograms.set(histogramKey(histogram.layer, histogram.of), { ...histogram, counts: uint32(payload, 0, histogram.bins).slice() });
        break;
      }
      case "prediction":
        this.prediction = predictionView(header as unknown as Prediction, payload);
        break;
      case "evaluation": {
        const evaluation = header as unknown as Evaluation;
        const confusion = int32(payload, 0, evaluation.classes ** 2).slice();
        this.evaluations.set(evaluation.split, { ...evaluation, confusion });
        break;
      }
      case "mistakes": {
        const mistakes = header as unknown as Mistakes;
        const size = mistakes.channels * mistakes.height * mistakes.width;
        this.mistakes.set(mistakes.split, { ...mistakes, bytes: payload.slice(0, mistakes.mistakes.length * size) });
        break;
      }
      default:
        return false;
    }
    this.version += 1;
    return true;
  }
}

function predictionView(prediction: Prediction, payload: Uint8Array): PredictionView {
  const { shape } = prediction;
  return { ...prediction, image: shape ? { shape, bytes: payload.slice(0, shape[0] * shape[1] * shape[2]) } : null };
}

function unitsPast(payload: Uint8Array, units: number): UnitsPast | null {
  const mask = 4 * Math.ceil(units / 4);
  if (payload.byteLength < mask + 12 * units) return null;
  const part = (index: number) => uint32(payload, mask + 4 * index * units, units).slice();
  return { since: part(0), revived: part(1), revivals: part(2) };
}

/** Value of one pixel of a map. */
export function mapValue(maps: MapsView, channel: number, y: number, x: number): number {
  const byte = maps.bytes[(channel * maps.height + y) * maps.width + x] ?? 0;
  return maps.low + (byte * (maps.high - maps.low)) / 255;
}

/** The channel whose map holds the most: the one that is drawn on the block's face. */
export function strongestChannel(maps: MapsView): number {
  const size = maps.height * maps.width;
  const zero = maps.high > maps.low ? Math.round((-maps.low * 255) / (maps.high - maps.low)) : 0;
  let best = 0;
  let most = -1;
  for (let channel = 0; channel < maps.channels; channel += 1) {
    let sum = 0;
    for (let at = channel * size; at < (channel + 1) * size; at += 1) sum += Math.abs((maps.bytes[at] as number) - zero);
    if (sum > most) {
      most = sum;
      best = channel;
    }
  }
  return best;
}
