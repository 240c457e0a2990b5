import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { copyText, saveText } from "../../../editor/actions/handing";
import { useUi } from "../../../editor/store/ui";

beforeEach(() => useUi.setState({ toasts: [] }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const told = () => useUi.getState().toasts.map(({ message, tone }) => [message, tone]);

test("what was copied is said, and a browser that forbids it or has no clipboard is told of", async () => {
  const writeText = vi.fn<(text: string) => Promise<void>>(async () => undefined);
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  await copyText("a\tb", "The table is on the clipboard.");
  expect(writeText).toHaveBeenCalledWith("a\tb");
  expect(told()).toEqual([["The table is on the clipboard.", "plain"]]);
  for (const clipboard of [{ writeText: () => Promise.reject(new Error("forbidden")) }, undefined]) {
    useUi.setState({ toasts: [] });
    vi.stubGlobal("navigator", { clipboard });
    await copyText("a\tb", "The table is on the clipboard.");
    expect(told()).toEqual([[expect.stringMatching(/does not let the page copy/), "warn"]]);
  }
});

test("a file can still be fetched after the press is over", () => {
  vi.useFakeTimers();
  const revoke = vi.fn<(address: string) => void>();
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:made", revokeObjectURL: revoke }));
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  saveText("{}", "net.json", "application/json");
  expect(click).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(1000);
  expect(revoke).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(revoke).toHaveBeenCalledWith("blob:made");
});
