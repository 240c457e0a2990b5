import { describe, expect, test } from "vitest";
import { besideExperiment, COLUMNS, keepColumns, keptColumns, sortAfter, tagsFrom, ticked } from "../../../../editor/panels/compare/run_columns";
import { cells, spot } from "../../../../editor/panels/compare/profile_grid";
import { lookAt } from "../../../../editor/panels/compare/series";

test("no two of twenty runs look alike, and neighbours share neither colour nor dash", () => {
  const looks = Array.from({ length: 20 }, (_, place) => lookAt(place));
  expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(20);
  looks.slice(1).forEach((look, index) => {
    expect(look.token).not.toBe(looks[index]?.token);
    expect(look.dash).not.toEqual(looks[index]?.dash);
  });
  expect(lookAt(0, 1).token).toBe("run-1");
});

describe("ticking", () => {
  test("puts runs in the order of ticking and takes them away", () => {
    expect(ticked(["a"], "b", 3)).toEqual(["a", "b"]);
    expect(ticked(["a", "b"], "a", 3)).toEqual(["b"]);
  });
  test("refuses one too many", () => {
    expect(ticked(["a", "b"], "c", 2)).toBeNull();
    expect(ticked(["a", "b"], "b", 2)).toEqual(["a"]);
  });
});

test("a column's head sorts its usual way first, then the other", () => {
  const created = COLUMNS.find((column) => column.id === "created");
  const error = COLUMNS.find((column) => column.id === "error");
  if (!created || !error) throw new Error("no such column");
  expect(sortAfter("-created", created)).toBe("created");
  expect(sortAfter("name", created)).toBe("-created");
  expect(sortAfter("-created", error)).toBe("error");
  expect(sortAfter("error", error)).toBe("-error");
});

test("beside its experiment's name a run of a sweep is called by its settings", () => {
  expect(besideExperiment({ name: "LeNet-5, rate 0.01, seed 3", experiment_name: "LeNet-5" })).toBe("Rate 0.01, seed 3");
  expect(besideExperiment({ name: "LeNet-5", experiment_name: "LeNet-5" })).toBe("LeNet-5");
  expect(besideExperiment({ name: "LeNet-5, wide", experiment_name: "LeNet" })).toBe("LeNet-5, wide");
});

test("chosen columns are kept, and nonsense is not", () => {
  keepColumns(["error", "seed"]);
  expect(keptColumns()).toEqual(["error", "seed"]);
  window.localStorage.setItem("runs.columns", '["colour", "seed"]');
  expect(keptColumns()).toEqual(["seed"]);
  window.localStorage.setItem("runs.columns", "{");
  expect(keptColumns()).toContain("experiment");
  window.localStorage.clear();
});

test("tags are read with commas between", () => expect(tagsFrom(" to  show, best,,best ")).toEqual(["to show", "best"]));

describe("small charts side by side", () => {
  test("lie within the box and over no other", () => {
    for (const count of [1, 2, 3, 7, 20]) {
      const found = cells(count, 480, 330);
      expect(found).toHaveLength(count);
      found.forEach((one, index) => {
        expect(one.left + one.wide).toBeLessThanOrEqual(480);
        expect(one.top + one.tall).toBeLessThanOrEqual(330);
        for (const other of found.slice(0, index)) expect(one.left >= other.left + other.wide || one.top >= other.top + other.tall).toBe(true);
      });
    }
  });
  test("the pointer finds the layer under it", () => {
    const layers = Array.from({ length: 5 }, (_, index) => ({ id: "", label: "", depth: index + 1, gradient_rms: 1, update_ratio: null, dead: null }));
    const shown = [{ run: { letter: "A", name: "A", look: lookAt(0) }, layers }];
    const [cell] = cells(1, 300, 200);
    if (!cell) throw new Error("no cell");
    expect(spot(shown, 300, 200, cell.left + 3, 100)).toBe(1);
    expect(spot(shown, 300, 200, cell.left + cell.wide - 3, 100)).toBe(5);
    expect(spot(shown, 300, 200, 2, 100)).toBeNull();
  });
});
