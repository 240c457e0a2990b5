import { describe, expect, test, vi } from "vitest";
import { api, csrfToken } from "../../../editor/net/api";
import { isReachable } from "../../../editor/net/connection";
import { ApiError } from "../../../editor/net/errors";

interface Sent {
  url: string;
  init: RequestInit;
}

function answering(status: number, body: unknown, type = "application/json"): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers: { "Content-Type": type } });
  });
  return sent;
}

const headersOf = (sent: Sent | undefined) => (sent?.init.headers ?? {}) as Record<string, string>;
const failure = (promise: Promise<unknown>) => promise.then(() => null, (error: unknown) => error);

describe("requests", () => {
  test("name the data set and the open blocks of an analysis", async () => {
    const sent = answering(200, { nodes: {} });
    await api.analyse({ nodes: [] }, { dataset: "mnist", open: ["r1", "r2"] });
    expect(sent[0]?.url).toBe("/api/analyse?dataset=mnist&open=r1%2Cr2");
    expect(sent[0]?.init.method).toBe("POST");
    expect(sent[0]?.init.body).toBe('{"nodes":[]}');
  });

  test("say which training the memory of an analysis is reckoned with", async () => {
    const sent = answering(200, { nodes: {} });
    await api.analyse({ nodes: [] }, { dataset: "mnist", recipe: { optimiser: "adam", batch_size: 64 } });
    expect(sent[0]?.url).toBe("/api/analyse?dataset=mnist&optimiser=adam&batch_size=64");
  });

  test("send a model's bytes as they are, and take one's bytes", async () => {
    const sent = answering(200, { network: {}, remarks: [] });
    const file = new File(["onnx"], "net.onnx");
    await api.importModel(file);
    expect(sent[0]).toMatchObject({ url: "/api/import?name=net.onnx", init: { method: "POST", body: file } });
    answering(200, "bytes", "application/octet-stream");
    expect(await (await api.onnx({ nodes: [] })).text()).toBe("bytes");
  });

  test("leave out what is not asked for", async () => {
    const sent = answering(200, {});
    await api.analyse({ nodes: [] });
    expect(sent[0]?.url).toBe("/api/analyse");
  });

  test("ask for a network of the zoo as published, or scaled for a data set", async () => {
    const sent = answering(200, {});
    await api.zooNetwork("vgg-16");
    await api.zooNetwork("vgg-16", "mnist");
    expect(sent.map(({ url }) => url)).toEqual(["/api/zoo/vgg-16", "/api/zoo/vgg-16?dataset=mnist"]);
  });

  test("list the runs of one data set, or all", async () => {
    const sent = answering(200, []);
    await api.runs();
    await api.runs("mnist");
    expect(sent.map(({ url }) => url)).toEqual(["/api/runs", "/api/runs?dataset=mnist"]);
  });

  test("carry the site's token with each change, and only then", async () => {
    document.cookie = "csrftoken=abc123";
    const sent = answering(200, []);
    await api.experiments();
    await api.startRun("e1");
    const token = (at: number) => headersOf(sent[at])["X-CSRFToken"];
    expect(token(0)).toBeUndefined();
    expect(token(1)).toBe("abc123");
    expect(csrfToken("a=b; csrftoken=zz; c=d")).toBe("zz");
    expect(csrfToken("notcsrftoken=zz")).toBe("");
  });

  test("ask for bytes where the answer is a container", async () => {
    const sent = answering(200, "abc", "application/octet-stream");
    const buffer = await api.history("r1", { stream: "steps", points: 400 });
    expect(buffer.byteLength).toBe(3);
    expect(sent[0]?.url).toBe("/api/runs/r1/history?stream=steps&points=400");
    expect(headersOf(sent[0]).Accept).toBe("application/octet-stream");
  });

  test("hand a model out and in as bytes", async () => {
    const sent = answering(200, "onnx", "application/octet-stream");
    const model = await api.onnx({ nodes: [] });
    expect(await model.text()).toBe("onnx");
    expect(sent[0]?.url).toBe("/api/onnx");
    expect(headersOf(sent[0])).toMatchObject({ Accept: "application/octet-stream", "Content-Type": "application/json" });
    const asked = answering(200, { network: { nodes: [] }, remarks: ["Weights were left out."] });
    const file = new File(["onnx"], "my net.onnx");
    expect((await api.importModel(file)).remarks).toEqual(["Weights were left out."]);
    expect(asked[0]?.url).toBe("/api/import?name=my+net.onnx");
    expect(asked[0]?.init.body).toBe(file);
    expect(headersOf(asked[0])["Content-Type"]).toBe("application/octet-stream");
  });

  test("an empty answer is null", async () => {
    vi.stubGlobal("fetch", async () => new Response(null, { status: 204 }));
    expect(await api.deleteExperiment("e1")).toBeNull();
  });
});

describe("failures", () => {
  test("keep the site's words, code and path", async () => {
    answering(422, { error: { code: "document", message: "Batch is 0; it must be between 1 and 4,096.", path: "recipe.batch_size" } });
    const error = await failure(api.experiments());
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, code: "document", path: "recipe.batch_size", message: "Batch is 0; it must be between 1 and 4,096." });
  });

  test("have words of their own where the answer has none", async () => {
    answering(500, "<html>", "text/html");
    expect(await failure(api.blocks())).toMatchObject({ status: 500, message: "The site stumbled over this. Try again." });
    answering(404, {});
    expect(await failure(api.blocks())).toMatchObject({ message: "This does not exist any more, or it is not yours." });
  });

  test("say that the site does not answer, and that it does again", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    expect(await failure(api.blocks())).toMatchObject({ code: "offline", status: 0, message: "The site does not answer. Check that it is running, then try again." });
    expect(isReachable()).toBe(false);
    vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    expect(await failure(api.blocks())).toMatchObject({ code: "offline", message: "This browser is offline. Try again once it is connected." });
    answering(200, []);
    await api.blocks();
    expect(isReachable()).toBe(true);
  });

  test("an aborted request is no failure of the site", async () => {
    const control = new AbortController();
    vi.stubGlobal("fetch", async (_: string, init: RequestInit) => {
      control.abort();
      throw init.signal?.reason as Error;
    });
    expect(await failure(api.blocks(control.signal))).toMatchObject({ name: "AbortError" });
    expect(isReachable()).toBe(true);
  });

  test("an answer that is not JSON says so", async () => {
    answering(200, "<html>", "text/html");
    expect(await failure(api.blocks())).toMatchObject({ code: "unreadable" });
  });
});
