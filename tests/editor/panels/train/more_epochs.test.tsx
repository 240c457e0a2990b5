import { act } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Outlook, RunView } from "../../../../editor/generated/types";
import { MoreEpochs, moreWords, typedEpochs } from "../../../../editor/panels/train/MoreEpochs";
import { mounted } from "../../mounted";

const { box, render } = mounted();

const outlook = (given: Partial<Outlook> = {}): Outlook => ({
  blocked: null, epochs: 2, most: 498, total_epochs: 4, from_step: 42, anew: false, rate: 0.05,
  words: ["Goes on from step 42 (the end of epoch 2) to the end of epoch 4, as if it had never ended."], ...given,
});
const run = { id: "r1", number: 3 } as RunView;
let asked: string[];
let answer: Outlook;

async function open() {
  await render(<MoreEpochs run={run} onClose={() => undefined} />);
  await act(() => vi.advanceTimersByTimeAsync(300));
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = outlook();
  vi.stubGlobal("fetch", (input: string) => {
    asked.push(String(input));
    return Promise.resolve(new Response(JSON.stringify(answer), { status: 200, headers: { "content-type": "application/json" } }));
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("typedEpochs", () => {
  it("takes whole numbers from 1 to the most", () => {
    expect([typedEpochs("1", 5), typedEpochs(" 5 ", 5)]).toEqual([1, 5]);
    expect([typedEpochs("0", 5), typedEpochs("6", 5), typedEpochs("1.5", 5), typedEpochs("", 5), typedEpochs("-1", 5)]).toEqual([null, null, null, null, null]);
  });
});

it("counts one epoch as one", () => {
  expect([moreWords(1), moreWords(1200)]).toEqual(["Train 1 more epoch", "Train 1,200 more epochs"]);
});

it("says what would happen before it is asked for, with as many epochs as the site offers", async () => {
  await open();
  expect(box.textContent).toContain("Go on with run 3");
  expect(box.textContent).toContain("as if it had never ended");
  expect(box.querySelector("button[type=submit]")?.textContent).toBe("Train 2 more epochs");
});

it("says why a run cannot be gone on with, and looks again", async () => {
  answer = outlook({ blocked: "This run has not ended yet." });
  await open();
  expect(box.textContent).toContain("This run has not ended yet.");
  expect(box.querySelector("button[type=submit]")?.getAttribute("aria-disabled")).toBe("true");
  answer = outlook();
  await act(() => vi.advanceTimersByTimeAsync(2_100));
  await act(() => vi.advanceTimersByTimeAsync(100));
  expect(box.querySelector("button[type=submit]")?.getAttribute("aria-disabled")).toBeNull();
});

it("names beginning again for what it is where the checkpoint is gone", async () => {
  answer = outlook({ anew: true, from_step: 0, words: ["No worker has this run's checkpoint any more."] });
  await open();
  expect(box.querySelector("button[type=submit]")?.textContent).toBe("Begin again");
});
