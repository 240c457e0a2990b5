import { act, useEffect } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { painter } from "../../../editor/live/painter";
import { useBeat } from "../../../editor/live/use_beat";
import { mounted } from "../mounted";

const { render } = mounted();
const rendered = vi.fn<() => void>();
function Fact() {
  useBeat(250);
  useEffect(() => rendered());
  return null;
}
const show = () => render(<Fact />);
const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

beforeEach(() => {
  vi.useFakeTimers();
  rendered.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first news after it was drawn is shown at once, further ones when their time has come", async () => {
  await show();
  await pass(100);
  expect(rendered).toHaveBeenCalledTimes(1); // nothing came: nothing is drawn again
  painter.ask();
  await pass(30);
  expect(rendered).toHaveBeenCalledTimes(2);
  painter.ask();
  await pass(30);
  painter.ask();
  await pass(30);
  expect(rendered).toHaveBeenCalledTimes(2);
  await pass(250);
  expect(rendered).toHaveBeenCalledTimes(3);
});

test("news that came between its drawing and the next frame is not lost", async () => {
  await show();
  painter.ask();
  await pass(30);
  expect(rendered).toHaveBeenCalledTimes(2);
});
