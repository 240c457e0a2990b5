import { expect, test } from "vitest";
import { nameIn } from "../../../../editor/panels/dock/names";

test.each([
  ["Conv 3×3", 80, "Conv 3×3"],
  ["Conv 3×3", 30, "3×3"],
  ["Global average", 48, "Global a…"],
  ["Dense 10", 6, ""],
])("%s in %s px is %s", (name, width, words) => expect(nameIn(name, width)).toBe(words));
