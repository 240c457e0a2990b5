import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, vi } from "vitest";

/** A box in the page for what a file's tests show, empty before each of them. Called once, at the top of the file. */
export function mounted() {
  const box = document.createElement("div");
  let root: Root;
  beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    document.body.append(box);
    root = createRoot(box);
  });
  afterEach(async () => {
    await act(async () => root.unmount());
    box.remove();
  });
  return { box, render: (element: ReactNode) => act(async () => root.render(element)) };
}

export const press = (element: Element | null | undefined) => act(async () => (element as HTMLElement).click());

/** Writes or chooses a value as a person does, so that React hears of it: not through the setter that React put on the field. */
export const enter = (field: Element | null | undefined, value: string) =>
  act(async () => {
    Reflect.set(Object.getPrototypeOf(field), "value", value, field);
    field?.dispatchEvent(new Event(field instanceof HTMLSelectElement ? "change" : "input", { bubbles: true }));
  });
