import { act } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Profiles } from "../../../../editor/generated/types";
import { api } from "../../../../editor/net/api";
import { useProfiles } from "../../../../editor/panels/compare/ProfilesPanel";
import { mounted } from "../../mounted";

const { box, render } = mounted();

let asked: { step: number | null; signal: AbortSignal; answer: () => void }[];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.spyOn(api, "profiles").mockImplementation(
    (_runs, step, signal) =>
      new Promise((done) => {
        asked.push({ step, signal: signal as AbortSignal, answer: () => done({ profiles: [], step: asked.length } as unknown as Profiles) });
      }),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

function Asking({ step, version }: { step: number | null; version: number }) {
  return <p>{useProfiles("a,b", step, version).profiles ? "there" : "none"}</p>;
}

const later = () => act(async () => vi.advanceTimersByTimeAsync(500));
const show = async (step: number | null, version: number) => {
  await render(<Asking step={step} version={version} />);
  await later();
};
const answered = async (index: number) => {
  await act(async () => asked[index]?.answer());
  await later();
};

test("newer figures wait for the answer that is on its way, and are then asked for once", async () => {
  for (const version of [1, 2, 3]) await show(null, version);
  expect(asked).toHaveLength(1);
  expect(asked[0]?.signal.aborted).toBe(false);
  await answered(0);
  expect(box.textContent).toBe("there");
  expect(asked).toHaveLength(2);
  await answered(1);
  expect(asked).toHaveLength(2);
  await show(null, 4);
  expect(asked).toHaveLength(3);
});

test("what was measured at a step is asked for once; another step takes its place", async () => {
  for (const version of [1, 2, 3]) await show(40, version);
  await answered(0);
  await show(40, 4);
  expect(asked.map(({ step }) => step)).toEqual([40]);
  await show(50, 4);
  await show(60, 4);
  expect(asked.map(({ step }) => step)).toEqual([40, 50, 60]);
  expect(asked[1]?.signal.aborted).toBe(true);
});
