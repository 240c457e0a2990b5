/** Which image is looked at, in words. */
import type { DatasetView, Prediction } from "../../../generated/types";

/** "Test image 4,102: 7", "A drawing", "An uploaded picture". */
export function imageWords(prediction: Prediction | null, dataset: DatasetView | undefined): string {
  if (prediction?.source === "drawn") return "A drawing";
  if (prediction?.source === "uploaded") return "An uploaded picture";
  const index = prediction?.probe ?? 0;
  const position = dataset?.card?.positions[index];
  if (index < 0 || position === undefined || !dataset) return "The probe image";
  return `Test image ${position.toLocaleString("en")}: ${dataset.dataset.classes[truthOf(dataset, index)] ?? ""}`;
}

/** The card has one row for each class. */
export function truthOf(dataset: DatasetView, index: number): number {
  return Math.floor(index / Math.max(1, dataset.card?.columns ?? 1));
}
