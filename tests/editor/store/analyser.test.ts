import { expect, test } from "vitest";
import { analysisSettings } from "../../../editor/store/analyser";

test("of the recipe an analysis is told what memory and advice depend on", () => {
  const recipe = { dataset: "mnist", epochs: 3, batch_size: 64, optimiser: "adam", learning_rate: 0.001, initialisation: null };
  expect(analysisSettings(recipe)).toEqual({ dataset: "mnist", recipe: { batch_size: 64, optimiser: "adam", learning_rate: 0.001 } });
  expect(analysisSettings({})).toEqual({ dataset: "", recipe: {} });
});
