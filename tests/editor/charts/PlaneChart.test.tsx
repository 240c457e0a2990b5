import { act } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { largestRadius, PlaneChart } from "../../../editor/charts/PlaneChart";
import type { PlanePoint } from "../../../editor/charts/plane";
import { mounted } from "../mounted";

const { box, render } = mounted();

beforeEach(() => {
  window.history.replaceState(null, "", "/plane");
});

function point(id: string, cost: number, error: number, size = 1e6): PlanePoint {
  return { id, name: id, cost, error, size, mark: "filled", spoken: `${id}: ${error}%`, href: `/zoo/${id}` };
}

const POINTS = [point("cheap", 1e6, 30), point("middle", 1e7, 10), point("beaten", 3e7, 20), point("dear", 1e8, 5, 9e6)];
const Card = ({ point: { id } }: { point: PlanePoint }) => <b>{`told: ${id}`}</b>;

const show = (points: PlanePoint[] = POINTS) =>
  render(<PlaneChart points={points} summary="Four dots." costWords="multiply-adds" errorWords="error, %" Card={Card} width={800} height={500} />);

const dots = () => [...box.querySelectorAll<SVGAElement>("a.plane-dot")];
const dot = (id: string) => box.querySelector<SVGAElement>(`[data-id="${id}"]`) as SVGAElement;
const told = () => box.querySelector(".plane-card")?.textContent ?? null;

async function type(key: string) {
  await act(async () => document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
}

async function pointAt(target: SVGAElement, type: string, init: MouseEventInit = {}) {
  const middle = target.querySelector(".plane-bubble") as SVGCircleElement;
  const place = { clientX: Number(middle.getAttribute("cx")), clientY: Number(middle.getAttribute("cy")), bubbles: true, cancelable: true, detail: 1, ...init };
  const event = type === "click" ? new MouseEvent(type, place) : new PointerEvent(type, place);
  await act(async () => target.dispatchEvent(event));
  return event;
}

describe("what is drawn", () => {
  test("is a dot a network with its words, and a name for each", async () => {
    await show();
    expect(dots().map((each) => each.getAttribute("aria-label")).toSorted()).toEqual(["beaten: 20%", "cheap: 30%", "dear: 5%", "middle: 10%"]);
    expect([...box.querySelectorAll(".plane-name")].map((name) => name.textContent).toSorted()).toEqual(["beaten", "cheap", "dear", "middle"]);
    expect(box.querySelector("svg")?.getAttribute("aria-label")).toBe("Four dots.");
  });

  test("marks the best for their cost, and stands right: dearer is right, worse is up, area is size", async () => {
    await show();
    const best = dots().filter((each) => each.dataset.best !== undefined);
    expect(best.map((each) => each.dataset.id).toSorted()).toEqual(["cheap", "dear", "middle"]);
    const of = (id: string, name: string) => Number(dot(id).querySelector(".plane-bubble")?.getAttribute(name));
    expect(of("cheap", "cx")).toBeLessThan(of("middle", "cx"));
    expect(of("beaten", "cy")).toBeLessThan(of("middle", "cy"));
    expect(of("dear", "r") / of("middle", "r")).toBeCloseTo(3);
  });

  test("draws small bubbles over large ones", async () => {
    await show();
    expect(dots()[0]?.dataset.id).toBe("dear");
  });

  test("holds a single dot, and one without any error on a log axis", async () => {
    await show([point("only", 416_520, 1)]);
    expect(dots()).toHaveLength(1);
    await render(<PlaneChart points={[point("a", 1e6, 0), point("b", 1e7, 40)]} logErrors summary="" costWords="" errorWords="" Card={Card} width={800} height={500} />);
    expect(box.querySelector(".plane-svg")?.innerHTML).not.toContain("NaN");
  });

  test("makes bubbles smaller in a crowd", () => {
    expect(largestRadius(200, 900, 600)).toBeLessThan(largestRadius(12, 900, 600));
  });
});

describe("the keyboard", () => {
  test("finds one dot with Tab, walks all of them with the arrows, and is told of each", async () => {
    await show();
    const reachable = dots().filter((each) => each.getAttribute("tabindex") === "0");
    expect(reachable.map((each) => each.dataset.id)).toEqual(["cheap"]);
    await act(async () => reachable[0]?.focus());
    expect(told()).toBe("told: cheap");
    await type("ArrowRight");
    expect(told()).toBe("told: middle");
    await type("ArrowUp");
    expect(told()).toBe("told: beaten");
    await type("End");
    expect(told()).toBe("told: dear");
    await type("ArrowRight");
    expect(told()).toBe("told: dear");
    await type("Home");
    expect(told()).toBe("told: cheap");
    expect(dots().filter((each) => each.getAttribute("tabindex") === "0").map((each) => each.dataset.id)).toEqual(["cheap"]);
  });

  test("opens a dot as a link, for Enter comes as a click without a place", async () => {
    await show();
    await act(async () => dot("dear").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail: 0 })));
    expect(window.location.pathname).toBe("/zoo/dear");
  });
});

describe("the pointer", () => {
  test("is told of what it rests on, and no longer when it leaves", async () => {
    await show();
    await pointAt(dot("middle"), "pointermove");
    expect(told()).toBe("told: middle");
    await act(async () => box.querySelector("svg")?.dispatchEvent(new PointerEvent("pointerout", { bubbles: true, relatedTarget: document.body })));
    expect(told()).toBeNull();
  });

  test("opens the dot whose middle is nearest, though another one lies over it", async () => {
    await show([point("under", 1.0e7, 10, 9e6), point("over", 1.05e7, 10, 9e6), point("far", 1e9, 40)]);
    const under = dot("under").querySelector(".plane-bubble") as SVGCircleElement;
    const place = { clientX: Number(under.getAttribute("cx")) - 3, clientY: Number(under.getAttribute("cy")) };
    await pointAt(dot("over"), "click", place);
    expect(window.location.pathname).toBe("/zoo/under");
  });

  test("leaves a press with a modifier key to the browser", async () => {
    await show();
    box.addEventListener("click", (event) => event.preventDefault(), { once: true });
    await pointAt(dot("middle"), "click", { ctrlKey: true });
    expect(window.location.pathname).toBe("/plane");
  });
});
