import { act } from "react";
import { expect, test, vi } from "vitest";
import type { AboutView } from "../../../../editor/generated/types";
import { api } from "../../../../editor/net/api";
import { Notes } from "../../../../editor/panels/about/Notes";
import { mounted, press } from "../../mounted";

const { box, render } = mounted();

const VIEW = { experiment: { id: "e", version: 3, notes: "Why it trains", mine: true }, notes_html: "<p>Why it trains</p>" } as unknown as AboutView;

const pressed = (words: string) => press([...box.querySelectorAll("button")].find((each) => each.textContent === words));

test("notes are saved once, however often one presses meanwhile", async () => {
  let answer = () => {};
  const update = vi.spyOn(api, "updateExperiment").mockImplementation(
    () =>
      new Promise((done) => {
        answer = () => done({} as Awaited<ReturnType<typeof api.updateExperiment>>);
      }),
  );
  const refresh = vi.fn<() => Promise<void>>(async () => undefined);
  await render(<Notes view={VIEW} refresh={refresh} />);
  await pressed("Edit notes");
  await pressed("Save notes");
  await pressed("Save notes");
  expect(update.mock.calls).toEqual([["e", { version: 3, notes: "Why it trains" }]]);
  await act(async () => answer());
  expect(refresh).toHaveBeenCalledOnce();
  expect(box.querySelector("form")).toBeNull();
});
