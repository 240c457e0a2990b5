/** Records as Python encodes them; make_wire_bytes.py wrote them. */
import data from "./wire_bytes.json";

export type RecordName = keyof typeof data;

export function wireBytes(name: RecordName): Uint8Array {
  return Uint8Array.from(atob(data[name]), (character) => character.charCodeAt(0));
}

/** As playground.protocol.pack does. */
export function container(...names: RecordName[]): Uint8Array {
  const parts = names.map(wireBytes);
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 4, 0));
  let at = 0;
  for (const part of parts) {
    new DataView(out.buffer).setUint32(at, part.length, true);
    out.set(part, at + 4);
    at += part.length + 4;
  }
  return out;
}

/** A frame of the viewer's socket with a container in it. */
export function frame(payload: Uint8Array): ArrayBuffer {
  const header = new TextEncoder().encode(JSON.stringify({ kind: "frame", seq: 9, attempt: 1 }).padEnd(44));
  const out = new Uint8Array(4 + header.length + payload.length);
  new DataView(out.buffer).setUint32(0, header.length, true);
  out.set(header, 4);
  out.set(payload, 4 + header.length);
  return out.buffer;
}
