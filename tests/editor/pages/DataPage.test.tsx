import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { Dataset, OwnDataPage, OwnDataView } from "../../../editor/generated/types";
import { useOwnData } from "../../../editor/panels/data/ownData";
import { DataPage } from "../../../editor/pages/DataPage";
import { useCatalogue } from "../../../editor/store/catalogue";
import { mounted, press } from "../mounted";

const { box, render } = mounted();

const MEGA = 1e6;
const LIMITS = { zip_bytes: 512 * MEGA, unpacked_bytes: 2_048 * MEGA, images: 100_000, pixels: 40_000_000, fewest_classes: 2, classes: 200, fewest_images: 5, stored_bytes: 1024 * MEGA, part_bytes: 8 * MEGA };
const SET = {
  id: "a1", name: "own-a1", title: "Fruit", state: "checking", origin: "uploaded", file: "fruit.zip", bytes: 3 * MEGA, received: 3 * MEGA, stored_bytes: 0, created: "", options: {},
  progress: { stage: "reading", done: 20, total: 80 }, problem: "", findings: [], dataset: null, card: null, runs: 0, mine: true,
} as unknown as OwnDataView;

let sets: OwnDataView[];

beforeEach(() => {
  vi.stubGlobal("fetch", async (url: string) => new Response(JSON.stringify(url.startsWith("/api/own-data") ? ({ limits: LIMITS, fields: [], sets } as unknown as OwnDataPage) : [])));
  const mnist = { name: "mnist", title: "MNIST", channels: 1, height: 28, width: 28, classes: ["0", "1"], train: 60_000, test: 10_000, files: [] } as unknown as Dataset;
  useCatalogue.setState({ status: "ready", datasets: [{ dataset: mnist, card: null, gone: false }] });
  useOwnData.setState({ page: null, problem: null, sending: {}, open: null });
});

const show = () => render(<DataPage />);

test("what may be sent is said before anything is sent", async () => {
  sets = [];
  await show();
  const limits = box.querySelector(".data-limits")?.textContent;
  for (const words of ["512 MB", "2,048 MB", "100,000", "40,000,000", "2 to 200", "at least 5"]) expect(limits).toContain(words);
  expect(box.textContent).toContain("None yet.");
  expect(box.textContent).toContain("28×28×1, 2 classes, 70,000 images");
});

test("a check says how far it is", async () => {
  sets = [SET];
  await show();
  expect(box.textContent).toContain("Reading the images: 20 of 80");
  expect(box.querySelector("progress")?.value).toBe(0.25);
});

test("a refused upload says why, and one with remarks names the files when it stands open", async () => {
  sets = [
    { ...SET, state: "refused", progress: null, problem: "Only one class was found, “cats”." },
    { ...SET, id: "b2", title: "Leaves", state: "ready", progress: null, findings: [{ level: "warning", message: "2 files are not images, and were left out.", files: ["a.txt"], count: 2 }] },
  ];
  await show();
  expect(box.querySelector("[role=alert]")?.textContent).toBe("Only one class was found, “cats”.");
  expect(box.textContent).toContain("Ready, with remarks");
  expect(box.textContent).not.toContain("a.txt");
  await press([...box.querySelectorAll<HTMLButtonElement>(".own-set-name")].find((each) => each.textContent?.startsWith("Leaves")));
  expect(box.textContent).toContain("a.txt");
  expect(box.textContent).toContain("and 1 more");
});

test("an upload that broke off asks for its file again; one that is under way does not", async () => {
  sets = [{ ...SET, state: "uploading", progress: null, received: 1.5 * MEGA }];
  await show();
  expect(box.textContent).toContain("1.5 MB of 3.0 MB, 50 %");
  expect(box.textContent).toContain("Choose fruit.zip again to go on");
  await act(async () => useOwnData.setState({ sending: { a1: new AbortController() } }));
  expect(box.textContent).not.toContain("again to go on");
});

test("a folder of the site can be used and not changed", async () => {
  sets = [{ ...SET, mine: false, origin: "folder", state: "refused", progress: null, problem: "Nothing in it." }];
  await show();
  expect([...box.querySelectorAll("button")].map((each) => each.getAttribute("aria-label")).filter(Boolean)).not.toContain("Delete Fruit");
});
