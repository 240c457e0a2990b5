import { expect, test, vi } from "vitest";
import { askAhead, takeAhead } from "../../../editor/net/ahead";
import { api } from "../../../editor/net/api";

test("what was asked for ahead is taken once, by whoever shows these runs", async () => {
  const asked = vi.spyOn(api, "compare").mockResolvedValue(new ArrayBuffer(8));
  askAhead(["a", "b"]);
  expect((await takeAhead(["a", "b"]))?.byteLength).toBe(8);
  expect(takeAhead(["a", "b"])).toBeNull();
  askAhead(["a"]);
  expect(takeAhead(["b"])).toBeNull();
  expect(asked).toHaveBeenCalledTimes(2);
});
