import { expect, test } from "vitest";
import type { FieldSpec } from "../../../../editor/generated/types";
import { groupsOf, stepsOf } from "../../../../editor/panels/side/groups";

const field = (name: string) => ({ name }) as FieldSpec;

test("a field that no group names still appears, in the last group", () => {
  const groups = groupsOf(["dataset", "epochs", "device", "brand_new"].map(field));
  expect(groups).toEqual([
    { title: "Length", names: ["epochs"] },
    { title: "Machine", names: ["device", "brand_new"] },
  ]);
});

test("the last, smaller batch of an epoch is a step too", () => {
  expect(stepsOf({ epochs: 2, batch_size: 64 }, 55_000)).toBe(1720);
  expect(stepsOf({ epochs: 2, batch_size: 0 }, 100)).toBeNull();
  expect(stepsOf({ epochs: 2, batch_size: 8 }, undefined)).toBeNull();
});
