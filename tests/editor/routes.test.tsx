import { act, createElement } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { Link, navigate, parse, paths, useRoute } from "../../editor/routes";
import { mounted, press } from "./mounted";

const { box, render } = mounted();

beforeEach(() => {
  window.history.replaceState(null, "", "/");
});

describe("parse", () => {
  test("knows every address of the page", () => {
    expect(parse("/")).toEqual({ page: "home" });
    expect(parse("/new")).toEqual({ page: "draft", zoo: null, dataset: null, slot: null });
    expect(parse("/new", "zoo=lenet-5")).toEqual({ page: "draft", zoo: "lenet-5", dataset: null, slot: null });
    expect(parse("/new", "zoo=alexnet&dataset=mnist")).toEqual({ page: "draft", zoo: "alexnet", dataset: "mnist", slot: null });
    expect(parse("/zoo")).toEqual({ page: "zoo" });
    expect(parse("/zoo/resnet-50/")).toEqual({ page: "exhibit", name: "resnet-50" });
    expect(parse("/data")).toEqual({ page: "data" });
    expect(parse("/gallery")).toEqual({ page: "gallery" });
    expect(parse("/embed/Kk7H-B_A")).toEqual({ page: "embed", id: "Kk7H-B_A" });
    expect(parse("/plane")).toEqual({ page: "plane", runs: null });
    expect(parse("/plane", "runs=mnist")).toEqual({ page: "plane", runs: "mnist" });
    expect(parse("/compare")).toEqual({ page: "compare", runs: [], experiment: null });
    expect(parse("/compare", "runs=a,b,a,")).toEqual({ page: "compare", runs: ["a", "b"], experiment: null });
    expect(parse("/compare", "experiment=e1")).toEqual({ page: "compare", runs: [], experiment: "e1" });
    expect(parse("/e/5fa0")).toEqual({ page: "build", experiment: "5fa0" });
    expect(parse("/e/5fa0/about")).toEqual({ page: "about", experiment: "5fa0" });
    expect(parse("/e/5fa0/")).toEqual({ page: "build", experiment: "5fa0" });
    expect(parse("/why")).toEqual({ page: "why", id: null });
    expect(parse("/why/filters.W001")).toEqual({ page: "why", id: "filters.W001" });
    expect(parse("/e/5fa0/runs/77")).toEqual({ page: "train", experiment: "5fa0", run: "77" });
  });

  test("takes what is no address for missing", () => {
    for (const path of ["/e/", "/e/a/b", "/e/a/runs/", "/elsewhere", "/e/a b", "/why/a/b", "/zoo/a/b", "/plane/x"]) expect(parse(path)).toEqual({ page: "missing" });
  });

  test("reads back the paths that the page makes", () => {
    expect(parse(...split(paths.draft("a b&c")))).toEqual({ page: "draft", zoo: "a b&c", dataset: null, slot: null });
    expect(parse(...split(paths.draft("a", "b&c")))).toEqual({ page: "draft", zoo: "a", dataset: "b&c", slot: null });
    expect(parse(...split(paths.compare(["a", "b"])))).toEqual({ page: "compare", runs: ["a", "b"], experiment: null });
    expect(parse(...split(paths.compareExperiment("e1")))).toEqual({ page: "compare", runs: [], experiment: "e1" });
    expect(parse(...split(paths.kept("0a1b")))).toEqual({ page: "draft", zoo: null, dataset: null, slot: "0a1b" });
    expect(parse(...split(paths.exhibit("a b%/c")))).toEqual({ page: "exhibit", name: "a b%/c" });
    expect(parse("/zoo/100%")).toEqual({ page: "exhibit", name: "100%" });
    expect(parse(...split(paths.runsPlane()))).toEqual({ page: "plane", runs: "" });
    expect(parse(...split(paths.runsPlane("small digits")))).toEqual({ page: "plane", runs: "small digits" });
    expect(parse(...split(paths.why("head.A002")))).toEqual({ page: "why", id: "head.A002" });
    expect(parse(...split(paths.train("x", "y")))).toEqual({ page: "train", experiment: "x", run: "y" });
  });
});

const split = (path: string) => path.split("?") as [string, string?];

function Where() {
  const route = useRoute();
  return createElement("main", null, JSON.stringify(route), createElement(Link, { href: "/e/5fa0" }, "open"));
}

test("a link moves within the page, and back returns", async () => {
  await render(createElement(Where));
  expect(box.textContent).toContain("home");
  await press(box.querySelector("a"));
  expect(window.location.pathname).toBe("/e/5fa0");
  expect(box.textContent).toContain('"build"');
  await act(async () => {
    window.history.replaceState(null, "", "/");
    window.dispatchEvent(new PopStateEvent("popstate"));
  });
  expect(box.textContent).toContain("home");
});

test("a link pressed with a modifier key is the browser's", async () => {
  await render(createElement(Where));
  const click = new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: true });
  box.addEventListener("click", (event) => event.preventDefault(), { once: true });
  await act(async () => box.querySelector("a")?.dispatchEvent(click));
  expect(window.location.pathname).toBe("/");
});

test("replacing leaves no entry to go back to", () => {
  navigate("/new");
  const length = window.history.length;
  navigate("/e/1", { replace: true });
  expect(window.history.length).toBe(length);
  expect(window.location.pathname).toBe("/e/1");
});
