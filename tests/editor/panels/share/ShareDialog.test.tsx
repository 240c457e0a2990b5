import { act } from "react";
import { describe, expect, test, vi } from "vitest";
import type { LinkView, NewLink, SharingView } from "../../../../editor/generated/types";
import { sharingApi } from "../../../../editor/net/sharing";
import { ShareDialog } from "../../../../editor/panels/share/ShareDialog";
import { expiryWords, frameCode, openedWords } from "../../../../editor/panels/share/shareWords";
import { enter, mounted, press } from "../../mounted";

const { box, render } = mounted();

const link: LinkView = { id: 4, run: null, run_number: null, note: "the class", created: new Date().toISOString(), expires: null, last_opened: null, opened: 0 };
const made: NewLink = { ...link, token: "t", address: "https://play.example.org/s/t", embed: "https://play.example.org/embed/t" };

function sharing(given: Partial<SharingView> = {}): SharingView {
  return { visibility: "private", links: [], public: ["its name, “LeNet”"], taken_down: "", address: "https://play.example.org/e/e/about", embed: "", framed: false, ...given };
}

const show = (run: { id: string; number: number } | null = null) => render(<ShareDialog experiment="e" name="LeNet" run={run} onClose={vi.fn<() => void>()} />);
const radio = (title: string) => [...box.querySelectorAll("label")].find((label) => label.textContent.startsWith(title))?.querySelector("input");
const button = (words: string) => [...box.querySelectorAll("button")].find((each) => each.textContent === words || (each.getAttribute("aria-label") ?? "").startsWith(words));

describe("the dialog", () => {
  test("publishes only after what becomes visible was read and agreed to", async () => {
    vi.spyOn(sharingApi, "sharing").mockResolvedValue(sharing());
    const set = vi.spyOn(sharingApi, "setVisibility").mockResolvedValue(sharing({ visibility: "public" }));
    await show();
    await press(radio("Public"));
    expect(set).not.toHaveBeenCalled();
    expect(box.querySelector("[aria-label=Publish]")?.textContent).toContain("its name, “LeNet”");
    await press(button("Cancel"));
    expect(radio("Private")?.checked).toBe(true);
    await press(radio("Public"));
    await press(button("Publish"));
    expect(set).toHaveBeenCalledWith("e", "public", true);
    expect(box.querySelector<HTMLInputElement>("[aria-label='Address of the public page']")?.value).toBe("https://play.example.org/e/e/about");
  });

  test("makes a link to the run that is looked at, and shows its address once", async () => {
    vi.spyOn(sharingApi, "sharing").mockResolvedValueOnce(sharing()).mockResolvedValue(sharing({ visibility: "link", links: [link] }));
    const make = vi.spyOn(sharingApi, "makeLink").mockResolvedValue(made);
    await show({ id: "r3", number: 3 });
    await press(radio("By link"));
    expect(box.textContent).toContain("No links yet.");
    const [opens] = box.querySelectorAll("select");
    await enter(opens, "run");
    await press(button("Make a link"));
    await act(async () => box.querySelector("form")?.requestSubmit());
    expect(make).toHaveBeenCalledWith("e", { run: "r3", days: null, note: "" });
    expect(box.querySelector<HTMLInputElement>("[aria-label='The new link']")?.value).toBe("https://play.example.org/s/t");
    expect(box.textContent).toContain("PLAYGROUND_EMBED_ANCESTORS");
  });

  test("revokes a link, and with private all of them, after a question", async () => {
    vi.spyOn(sharingApi, "sharing").mockResolvedValue(sharing({ visibility: "link", links: [link] }));
    const revoke = vi.spyOn(sharingApi, "revoke").mockResolvedValue(null);
    const set = vi.spyOn(sharingApi, "setVisibility").mockResolvedValue(sharing());
    await show();
    await press(button("Revoke: All runs, for the class"));
    expect(revoke).toHaveBeenCalledWith(4);
    await press(radio("Private"));
    expect(set).not.toHaveBeenCalled();
    expect(box.textContent).toContain("Its link is revoked.");
    await press(button("Make it private"));
    expect(set).toHaveBeenCalledWith("e", "private", true);
  });

  test("says why staff took it out of the gallery, and what the site refuses", async () => {
    vi.spyOn(sharingApi, "sharing").mockResolvedValue(sharing({ taken_down: "Somebody's pictures." }));
    vi.spyOn(sharingApi, "setVisibility").mockRejectedValue(new Error("Staff took this experiment out of the gallery."));
    await show();
    expect(box.textContent).toContain("Somebody's pictures.");
    await press(radio("Public"));
    await press(button("Publish"));
    expect(box.querySelector("[role=alert]")?.textContent).toBe("Staff took this experiment out of the gallery.");
    expect(radio("Private")?.checked).toBe(true);
  });
});

describe("words", () => {
  test("of openings", () => {
    const now = new Date().toISOString();
    expect(openedWords({ opened: 0, last_opened: null })).toBe("never opened");
    expect(openedWords({ opened: 1, last_opened: now })).toBe("opened once, just now");
    expect(openedWords({ opened: 7, last_opened: now })).toBe("opened 7 times, last just now");
  });

  test("of the end", () => {
    const now = Date.parse("2026-01-01T00:00:00Z");
    expect(expiryWords("2026-01-08T00:00:00Z", now)).toBe("ends in 7 days");
    expect(expiryWords("2026-01-01T05:30:00Z", now)).toBe("ends in 5 h");
    expect(expiryWords("2026-01-01T23:59:58Z", now)).toBe("ends in 1 day");
    expect(expiryWords("2026-01-01T00:30:00Z", now)).toBe("ends within the hour");
    expect(expiryWords("2025-12-31T00:00:00Z", now)).toBe("has ended");
  });

  test("a name cannot break out of the code for another page", () => {
    expect(frameCode("https://a/embed/t", 'x"><script>')).toContain('title="x&#34;&#62;&#60;script&#62;"');
  });
});
