import { expect, test } from "vitest";
import type { Dataset } from "../../../editor/generated/types";
import { isOwnName, selectTitle } from "../../../editor/store/catalogue";

const view = (name: string, title: string) => ({ dataset: { name, title } as Dataset, card: null, gone: false });
const datasets = [view("mnist", "MNIST"), view("own-a1b2", "Fruit")];

test("a data set is called by its title", () => {
  expect(selectTitle("own-a1b2")({ datasets, status: "ready" })).toBe("Fruit");
  expect(selectTitle("mnist")({ datasets, status: "ready" })).toBe("MNIST");
});

test("one of somebody's own that is gone is not called by the name that the site made up", () => {
  expect(selectTitle("own-c3d4")({ datasets, status: "ready" })).toBe("Data not here");
  expect(selectTitle("folder-birds")({ datasets, status: "ready" })).toBe("Data not here");
  expect(selectTitle("own-c3d4")({ datasets: [], status: "loading" })).toBe("own-c3d4");
  expect(selectTitle("unheard")({ datasets, status: "ready" })).toBe("unheard");
});

test("which names are of own data", () => {
  expect(["own-a1", "folder-x", "mnist", "my-own-a"].filter(isOwnName)).toEqual(["own-a1", "folder-x"]);
});
