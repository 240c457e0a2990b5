import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ImageSender } from "../../../../../editor/panels/train/probe/sender";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A site that takes so many milliseconds to answer. */
function site(milliseconds: number) {
  const sent: [image: number, at: number][] = [];
  const begun = Date.now();
  let flying = 0;
  let most = 0;
  const send = (image: number) => async () => {
    sent.push([image, Date.now() - begun]);
    most = Math.max(most, ++flying);
    await new Promise((done) => setTimeout(done, milliseconds));
    flying -= 1;
  };
  return { sent, send, most: () => most };
}

describe("what is sent while one draws", () => {
  it("is the first image at once and then the newest, one at a time and not too often", async () => {
    const { sent, send, most } = site(30);
    const sender = new ImageSender(() => 100);
    for (let image = 0; image < 50; image += 1) {
      sender.offer(send(image));
      await vi.advanceTimersByTimeAsync(10);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(sent.map(([, at]) => at)).toEqual([0, 100, 200, 300, 400, 500]);
    expect(sent.at(-1)?.[0]).toBe(49);
    expect(most()).toBe(1);
  });

  it("leaves at once when the pen is lifted, but never before the one on its way has arrived", async () => {
    const { sent, send, most } = site(30);
    const sender = new ImageSender(() => 200);
    sender.offer(send(0));
    await vi.advanceTimersByTimeAsync(10);
    sender.offer(send(1));
    sender.hurry();
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual([[0, 0], [1, 30]]);
    expect(most()).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    sender.hurry(); // nothing waits
    expect(sent).toHaveLength(2);
  });
});
