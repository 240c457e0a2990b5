import { beforeEach, describe, expect, test } from "vitest";
import { type Draft, draftKey, drafts, dropDraft, newSlot, readDraft, readDraftText, unsavedNetworks, whichIsNewer, writeDraft } from "../../../editor/store/persist";

function draft(given: Partial<Draft> = {}): Draft {
  return { slot: "s1", version: null, name: "A", notes: "", recipe: { epochs: 3 }, network: { nodes: [], edges: [] }, changed: 1000, ...given };
}

/** Storage that holds at most `room` characters. */
function small(room: number): Storage {
  const held = new Map<string, string>();
  const size = () => [...held].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return {
    get length() {
      return held.size;
    },
    key: (at) => [...held.keys()][at] ?? null,
    getItem: (key) => held.get(key) ?? null,
    removeItem: (key) => void held.delete(key),
    clear: () => held.clear(),
    setItem: (key, value) => {
      const before = held.get(key);
      held.set(key, value);
      if (size() <= room) return;
      if (before === undefined) held.delete(key);
      else held.set(key, before);
      throw new DOMException("full", "QuotaExceededError");
    },
  };
}

beforeEach(() => localStorage.clear());

describe("keeping drafts", () => {
  test("a draft comes back as it was kept", () => {
    expect(writeDraft(draft())).toBe(true);
    expect(readDraft("s1")).toEqual(draft());
    dropDraft("s1");
    expect(readDraft("s1")).toBeNull();
  });

  test("networks that were never saved are listed newest first, changes of experiments are not", () => {
    writeDraft(draft({ slot: "old", changed: 1 }));
    writeDraft(draft({ slot: "new", changed: 2 }));
    writeDraft(draft({ slot: "saved", version: 4, changed: 3 }));
    localStorage.setItem("something else", "{}");
    expect(unsavedNetworks().map((one) => one.slot)).toEqual(["new", "old"]);
  });

  test.each(["", "no json", "[]", '{"slot":"s1"}', '{"slot":"s1","network":[],"recipe":{},"changed":1}'])("%s is no draft", (text) => {
    expect(readDraftText(text)).toBeNull();
    localStorage.setItem(draftKey("s1"), text);
    expect(readDraft("s1")).toBeNull();
  });

  test("the oldest drafts make room for the newest", () => {
    const storage = small(600);
    for (const slot of ["a", "b", "c"]) writeDraft(draft({ slot, changed: slot.charCodeAt(0) }), storage);
    const large = draft({ slot: "d", changed: 999, notes: "x".repeat(150) });
    expect(writeDraft(large, storage)).toBe(true);
    expect(drafts(storage)[0]).toEqual(large);
    expect(readDraft("a", storage)).toBeNull();
  });

  test("a draft that does not fit at all is reported", () => {
    expect(writeDraft(draft({ notes: "x".repeat(900) }), small(600))).toBe(false);
  });

  test("slots differ", () => {
    expect(new Set(Array.from({ length: 100 }, newSlot)).size).toBe(100);
  });
});

describe("which is newer when an experiment is opened", () => {
  const site = { version: 4, name: "A", notes: "", recipe: { epochs: 3 }, network: { nodes: [], edges: [], name: "A" } };

  test("the site's, where this browser kept nothing", () => {
    expect(whichIsNewer(site, null)).toBe("site");
  });

  test("this browser's, where it builds on the site's version", () => {
    expect(whichIsNewer(site, draft({ version: 4, name: "B" }))).toBe("browser");
  });

  test("both, where the site went on meanwhile", () => {
    expect(whichIsNewer(site, draft({ version: 3, name: "B" }))).toBe("both");
  });

  test("the site's, where the work arrived though its answer did not", () => {
    const same = draft({ version: 3, network: { name: "other", edges: [], nodes: [] } });
    expect(whichIsNewer(site, same)).toBe("site");
  });
});
