import { beforeEach, expect, test, vi } from "vitest";
import { fileName } from "../../../../editor/panels/home/cardActions";
import { openFile } from "../../../../editor/panels/home/openFile";
import { readDraft } from "../../../../editor/store/persist";

const file = (text: string, name = "net.json") => new File([text], name);
const answer = (status: number, body: unknown) => vi.stubGlobal("fetch", async () => new Response(JSON.stringify(body), { status }));

beforeEach(() => localStorage.clear());

test("a network document becomes a draft of this browser", async () => {
  answer(200, { nodes: {} });
  const draft = await openFile(file('{"name":"Mine","nodes":[],"edges":[]}'));
  if (typeof draft === "string") throw new Error(draft);
  expect(draft.name).toBe("Mine");
  expect(readDraft(draft.slot)).toEqual(draft);
});

test("a document without a name is called as its file", async () => {
  answer(200, {});
  expect(await openFile(file('{"nodes":[]}', "wide net.json"))).toMatchObject({ name: "wide net" });
});

test.each(["", "[]", "{}", "no json", '{"nodes":{}}'])("%s is no network document", async (text) => {
  expect(await openFile(file(text))).toBe("net.json is no network document. Choose a .json file that was exported here.");
});

test("what the site cannot read is refused in its words", async () => {
  answer(422, { error: { code: "document", message: "The edge a→b names no block.", path: "edges[0]" } });
  expect(await openFile(file('{"nodes":[]}'))).toBe("net.json cannot be opened. The edge a→b names no block.");
});

test.each([
  ["First digits", "First-digits.json"],
  ["a/b\\c: d?", "a-b-c-d.json"],
  ["Größe ×2", "Größe-2.json"],
  ["…", "network.json"],
])("%s is saved as %s", (name, expected) => expect(fileName(name)).toBe(expected));
