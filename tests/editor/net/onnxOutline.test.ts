import { describe, expect, test } from "vitest";
import { outline } from "../../../editor/net/onnxOutline";

const MEGABYTE = 1024 * 1024;
const text = (words: string) => [...new TextEncoder().encode(words)];

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return [...bytes, value];
}

type Bytes = Uint8Array<ArrayBuffer>;

function join(...parts: (number[] | Bytes)[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function field(number: number, ...parts: (number[] | Bytes)[]): Bytes {
  const content = join(...parts);
  return join(varint(number * 8 + 2), varint(content.length), content);
}

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());

/** dims [1024, 1536], float32, a name; its values where wanted. */
const tensor = (values: Bytes | null) =>
  values ? field(5, [8, 128, 8, 8, 128, 12, 16, 1], field(8, text("w")), field(9, values)) : field(5, [8, 128, 8, 8, 128, 12, 16, 1], field(8, text("w")));

function model(values: Bytes | null): Bytes {
  const relu = field(1, field(1, text("x")), field(2, text("y")), field(4, text("Relu")));
  const constant = (held: Bytes | null) => field(1, field(2, text("c")), field(4, text("Constant")), field(5, field(1, text("value")), tensor(held)));
  const graph = field(7, relu, tensor(values), constant(values), field(2, text("g")), tensor(new Uint8Array(8)));
  return join([8, 9], graph, field(8, [16, 18]));
}

describe("outline", () => {
  test("leaves out the values of large tensors, inside constants too, and keeps all else byte for byte", async () => {
    const cut = await outline(new Blob([model(new Uint8Array(3 * MEGABYTE))]));
    expect(cut.size).toBe(model(null).length);
    expect(await bytesOf(cut)).toEqual(model(null));
  });

  test("sends a small file as it is", async () => {
    const file = new Blob([model(new Uint8Array(MEGABYTE))]);
    expect(await outline(file)).toBe(file);
  });

  test("sends what it cannot follow as it is", async () => {
    const noise = new Uint8Array(5 * MEGABYTE).fill(0xff);
    const file = new Blob([noise]);
    expect(await outline(file)).toBe(file);
    const short = new Blob([model(new Uint8Array(3 * MEGABYTE)).slice(0, 5 * MEGABYTE)]);
    expect(await outline(short)).toBe(short);
  });
});
