import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { AboutView } from "../../../../editor/generated/types";
import { api } from "../../../../editor/net/api";
import { Notes } from "../../../../editor/panels/about/Notes";

let root: Root;
let box: HTMLElement;

const VIEW = { experiment: { id: "e", version: 3, notes: "Why it trains", mine: true }, notes_html: "<p>Why it trains</p>" } as unknown as AboutView;

beforeEach(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
});
afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
  vi.restoreAllMocks();
});

const press = (words: string) => act(async () => [...box.querySelectorAll("button")].find((each) => each.textContent === words)?.click());

test("notes are saved once, however often one presses meanwhile", async () => {
  let answer = () => {};
  const update = vi.spyOn(api, "updateExperiment").mockImplementation(
    () =>
      new Promise((done) => {
        answer = () => done({} as Awaited<ReturnType<typeof api.updateExperiment>>);
      }),
  );
  const refresh = vi.fn<() => Promise<void>>(async () => undefined);
  await act(async () => root.render(<Notes view={VIEW} refresh={refresh} />));
  await press("Edit notes");
  await press("Save notes");
  await press("Save notes");
  expect(update.mock.calls).toEqual([["e", { version: 3, notes: "Why it trains" }]]);
  await act(async () => answer());
  expect(refresh).toHaveBeenCalledOnce();
  expect(box.querySelector("form")).toBeNull();
});
