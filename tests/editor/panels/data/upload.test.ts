import { afterEach, expect, test, vi } from "vitest";
import type { OwnDataView } from "../../../../editor/generated/types";
import { sendFile, whyNot } from "../../../../editor/panels/data/upload";

const view = (received: number) => ({ id: "a1", received }) as OwnDataView;

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A site that keeps what comes in order; `fails` of its answers get lost. */
function site(size: number, fails = new Set<number>()) {
  const state = { received: 0, asked: [] as string[] };
  let number = 0;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (init.method !== "PUT") return new Response(JSON.stringify(view(state.received)));
    state.asked.push(url);
    const offset = Number(new URL(url, "http://site").searchParams.get("offset"));
    if (offset === state.received) state.received += (init.body as Blob).size;
    number += 1;
    if (fails.has(number)) throw new TypeError("network");
    return new Response(JSON.stringify({ ...view(state.received), state: state.received === size ? "checking" : "uploading" }));
  });
  return state;
}

test("a file is sent in parts no larger than the site takes", async () => {
  const state = site(25);
  const told: number[] = [];
  const last = await sendFile(view(0), new File([new Uint8Array(25)], "a.zip"), { most: 10, signal: new AbortController().signal, onProgress: (now) => told.push(now.received) });
  expect(told).toEqual([10, 20, 25]);
  expect(last.state).toBe("checking");
  expect(state.asked).toEqual(["/api/own-data/a1/file?offset=0", "/api/own-data/a1/file?offset=10", "/api/own-data/a1/file?offset=20"]);
});

test("after a break it goes on with what the site does not have", async () => {
  vi.useFakeTimers();
  const state = site(25, new Set([2])); // the second part arrives, its answer does not
  const sent = sendFile(view(0), new File([new Uint8Array(25)], "a.zip"), { most: 10, signal: new AbortController().signal, onProgress: () => undefined });
  await vi.runAllTimersAsync();
  expect((await sent).received).toBe(25);
  expect(state.asked.map((url) => url.split("offset=")[1])).toEqual(["0", "10", "20"]);
});

test("what need not be sent is told at once", () => {
  const file = (name: string, size: number) => new File([new Uint8Array(size)], name);
  expect(whyNot(file("cats.zip", 10), 100)).toBeNull();
  expect(whyNot(file("CATS.ZIP", 10), 100)).toBeNull();
  expect(whyNot(file("cats.png", 10), 100)).toBe("“cats.png” is not a zip. Pack the folders of images into one zip.");
  expect(whyNot(file("cats.zip", 0), 100)).toBe("“cats.zip” is empty.");
  expect(whyNot(file("cats.zip", 2e6), 1e6)).toBe("“cats.zip” has 2.0 MB; at most 1.0 MB are taken.");
});
