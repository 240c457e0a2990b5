import { act } from "react";
import { afterEach, expect, test, vi } from "vitest";
import type { RunView, Takeaway } from "../../../../editor/generated/types";
import { api } from "../../../../editor/net/api";
import { TakeDialog } from "../../../../editor/panels/take/TakeDialog";
import { mounted } from "../../mounted";

const { box, render } = mounted();

const RUN = { id: "r1" } as RunView;

function item(changes: Partial<Takeaway>): Takeaway {
  return { id: "weights", group: "network", title: "Weights", use: "For PyTorch.", href: "/api/runs/r1/weights", file: "net-run-1.safetensors", size: null, fact: "", blocked: null, ...changes };
}

afterEach(() => {
  vi.useRealTimers();
});

const show = () => render(<TakeDialog run={RUN} onClose={vi.fn<() => void>()} />);

test("each file is a link with its size; what one types stands as code", async () => {
  vi.spyOn(api, "takeaways").mockResolvedValue([item({ size: 86_400, fact: "step 126" }), item({ id: "x", group: "document", title: "Experiment", use: "Run `python` again." })]);
  await show();
  const [weights] = box.querySelectorAll("a");
  expect(weights?.getAttribute("href")).toBe("/api/runs/r1/weights");
  expect(weights?.getAttribute("download")).toBe("net-run-1.safetensors");
  expect(box.querySelector(".take-much")?.textContent).toMatch(/^86\.4\skB, step 126$/);
  expect(box.querySelector("code")?.textContent).toBe("python");
});

test("what is not there yet says why, and is looked for until it comes", async () => {
  vi.useFakeTimers();
  const ask = vi.spyOn(api, "takeaways").mockResolvedValue([item({ blocked: "On their way." })]);
  await show();
  expect(box.querySelector("a")).toBeNull();
  expect(box.textContent).toContain("On their way.");
  expect(box.querySelector("[aria-disabled]")?.getAttribute("aria-label")).toBe("Weights: not there yet");
  ask.mockResolvedValue([item({})]);
  await act(async () => vi.advanceTimersByTimeAsync(2_000));
  expect(box.querySelector("a")).not.toBeNull();
  const asked = ask.mock.calls.length;
  await act(async () => vi.advanceTimersByTimeAsync(10_000));
  expect(ask.mock.calls).toHaveLength(asked);
});

test("a site that does not answer is told of", async () => {
  vi.spyOn(api, "takeaways").mockRejectedValue(new Error("gone"));
  await show();
  expect(box.querySelector("[role=alert]")?.textContent).not.toBe("");
});
