import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { toast, useUi } from "../../../editor/store/ui";
import { Confirm, Dialog } from "../../../editor/ui/Dialog";
import { Toasts } from "../../../editor/ui/Toasts";
import { mounted, press } from "../mounted";

const { box, render } = mounted();
const close = vi.fn<() => void>();

beforeEach(() => useUi.setState({ toasts: [], dialogs: [] }));

const show = (open: { dialog?: boolean; question?: boolean } = {}) =>
  render(
    <>
      {open.dialog && (
        <Dialog title="Sweep" onClose={close}>
          {open.question && (
            <Confirm title="Begin?" action="Begin" onConfirm={close} onClose={close}>
              Twenty runs.
            </Confirm>
          )}
        </Dialog>
      )}
      <Toasts />
    </>,
  );
const say = (message: string) => act(async () => void toast(message, { tone: "bad" }));
const told = () => [...box.querySelectorAll(".toast")];
/** The title of the dialog in which it is told; null on the page. */
const placeOf = (message: Element | undefined) => message?.closest("dialog")?.querySelector("h2")?.textContent ?? null;

test("a message is told once: on the page, or in the dialog that stands before everything else", async () => {
  await show();
  await say("It is refused.");
  expect(told().map(placeOf)).toEqual([null]);
  await show({ dialog: true });
  expect(told().map(placeOf)).toEqual(["Sweep"]);
  await show({ dialog: true, question: true });
  expect(told().map(placeOf)).toEqual(["Begin?"]);
  await show({ dialog: true });
  expect(told().map(placeOf)).toEqual(["Sweep"]);
  await show();
  expect(told().map(placeOf)).toEqual([null]);
});

test("the dialog's place for messages is there before them, so that they are read out", async () => {
  await show({ dialog: true });
  const place = box.querySelector("dialog [role=status]");
  expect(place?.textContent).toBe("");
  await say("It is refused.");
  expect(place?.textContent).toBe("It is refused.");
});

test("a message is closed without the dialog", async () => {
  await show({ dialog: true });
  await say("It is refused.");
  await press(told()[0]?.querySelector("[aria-label=Close]"));
  expect(told()).toEqual([]);
  expect(close).not.toHaveBeenCalled();
});
