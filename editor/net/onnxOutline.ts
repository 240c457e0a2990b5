// An ONNX file without its weights, cut out in the browser: the site reads the structure alone, and half a gigabyte need not travel.
//
// The file is protobuf: fields of (number, length, content), walked by their lengths; the weights are never loaded. Field numbers as in
// onnx.proto; what is cut is what webapp/exchange/wire.py would skip.

/** Fields longer than this are looked into, or left out where they are a tensor's values. Shapes and single numbers are shorter. */
const LONG = 16 * 1024;
/** Files up to this size are sent as they are. */
const SMALL_FILE = 4 * 1024 * 1024;
const WINDOW = 64 * 1024;

type Schema = { readonly [field: number]: Schema | "values" };
const TENSOR: Schema = { 4: "values", 5: "values", 6: "values", 7: "values", 9: "values", 10: "values", 11: "values" };
const NODE: Schema = { 5: { 5: TENSOR } };
const MODEL: Schema = { 7: { 1: NODE, 5: TENSOR } };

class Damaged extends Error {}

/** The same model with the values of its large tensors left out; the file itself where it is small or cannot be followed. */
export async function outline(file: Blob): Promise<Blob> {
  if (file.size <= SMALL_FILE) return file;
  try {
    const { parts } = await cut(new Source(file), 0, file.size, MODEL);
    return new Blob(parts, { type: "application/octet-stream" });
  } catch (error) {
    if (error instanceof Damaged) return file; // the site says what is wrong with it
    throw error;
  }
}

interface Cut {
  parts: BlobPart[];
  size: number;
}

async function cut(source: Source, begin: number, end: number, schema: Schema): Promise<Cut> {
  const found: Cut = { parts: [], size: 0 };
  const keep = (from: number, to: number) => {
    if (to > from) add(found, source.file.slice(from, to), to - from);
  };
  let kept = begin;
  let position = begin;
  while (position < end) {
    const field = await source.field(position);
    if (field.next > end) throw new Damaged();
    const rule = field.next - field.content > LONG ? schema[field.number] : undefined;
    if (rule) {
      keep(kept, position);
      kept = field.next;
      if (rule !== "values") {
        const inner = await cut(source, field.content, field.next, rule);
        const header = Uint8Array.from([...varint(field.number * 8 + 2), ...varint(inner.size)]);
        add(found, header, header.length);
        add(found, inner.parts, inner.size);
      }
    }
    position = field.next;
  }
  keep(kept, end);
  return found;
}

function add(found: Cut, part: BlobPart | BlobPart[], size: number): void {
  if (Array.isArray(part)) found.parts.push(...part);
  else found.parts.push(part);
  found.size += size;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  while (value > 127) {
    bytes.push((value % 128) + 128);
    value = Math.floor(value / 128);
  }
  return [...bytes, value];
}

interface Field {
  /** 0 for a field without a length. */
  number: number;
  content: number;
  next: number;
}

/** Bytes of a file, a window at a time. */
class Source {
  private window = new Uint8Array(0);
  private start = 0;

  constructor(readonly file: Blob) {}

  async field(position: number): Promise<Field> {
    const [key, content] = await this.number(position);
    const kind = key % 8;
    if (kind === 2) {
      const [length, begin] = await this.number(content);
      return { number: Math.floor(key / 8), content: begin, next: begin + length };
    }
    if (kind === 0) return { number: 0, content, next: (await this.number(content))[1] };
    if (kind === 1) return { number: 0, content, next: content + 8 };
    if (kind === 5) return { number: 0, content, next: content + 4 };
    throw new Damaged();
  }

  /** A number and where it ends. */
  private async number(position: number): Promise<[number, number]> {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10; count++) {
      const byte = await this.byte(position++);
      value += (byte % 128) * factor;
      if (byte < 128) return [value, position];
      factor *= 128;
    }
    throw new Damaged();
  }

  private async byte(position: number): Promise<number> {
    if (position < this.start || position >= this.start + this.window.length) {
      this.start = position;
      this.window = new Uint8Array(await this.file.slice(position, position + WINDOW).arrayBuffer());
    }
    const byte = this.window[position - this.start];
    if (byte === undefined) throw new Damaged();
    return byte;
  }
}
