import { type ComponentType } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { useUi } from "../../../editor/store/ui";
import { ErrorBoundary } from "../../../editor/ui/ErrorBoundary";
import { lazily } from "../../../editor/ui/lazily";
import { mounted } from "../mounted";

const { box, render } = mounted();

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined); // React writes down what a boundary caught
  useUi.setState({ toasts: [] });
});

const Part: ComponentType<object> = () => <b>The part</b>;
const refusedOnce = () => vi.fn<() => Promise<ComponentType<object>>>().mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValue(Part);

const show = (View: ComponentType<object>, key: number, of = "one") =>
  render(
    <ErrorBoundary of={of}>
      <p>The page</p>
      <View key={key} />
    </ErrorBoundary>,
  );

test("a small part that cannot be fetched leaves the page standing, and comes when it is opened again", async () => {
  const View = lazily(refusedOnce());
  await show(View, 1);
  expect(box.textContent).toBe("The page");
  expect(useUi.getState().toasts.map(({ message }) => message)).toEqual(["This part could not be fetched. Reload the page: the site may not have answered, or there may be a newer version of it."]);
  await show(View, 2);
  expect(box.textContent).toBe("The pageThe part");
});

test("in the place of a view that cannot be fetched stands what to do, and the next look fetches it", async () => {
  const View = lazily(refusedOnce(), <i>Waiting</i>);
  await show(View, 1);
  expect(box.querySelector("h1")?.textContent).toBe("This view could not be fetched");
  expect(box.textContent).toContain("there may be a newer version of it");
  await show(View, 1, "another");
  expect(box.textContent).toBe("The pageThe part");
});

test("a part that breaks is not said to be unfetched", async () => {
  const View = lazily(async () => {
    const Broken: ComponentType<object> = () => {
      throw new Error("Cannot fetch the third wheel");
    };
    return Broken;
  });
  await show(View, 1);
  expect(box.querySelector("h1")?.textContent).toBe("This view broke");
  expect(useUi.getState().toasts).toEqual([]);
});
