import type { Analysis, BlockView, Edge, InnerNode, Network } from "../generated/types";
import { dock } from "./dock";
import type { FoldFacts } from "./folding";
import { columnSize, disc, ghost, point, type Scale, scaleFor, type Size, slabSize, tile } from "./geometry";

/** A tab on a slab: an activation or normalisation that belongs to it. */
export interface Tab {
  id: string;
  block: string;
  family: string;
  label: string;
}

/** One thing on the drawing: what it looks like, not where it stands. */
export interface Piece {
  id: string;
  block: string;
  family: string;
  label: string;
  /** What it is called where it has no name of its own: equal for equal blocks. */
  kindLabel: string;
  form: "slab" | "column" | "disc" | "tile" | "ghost" | "point" | "hull";
  size: Size;
  shape: number[] | null;
  /** Kernel cells, (vertical, horizontal), where the block slides a window. */
  kernel: [number, number] | null;
  /** Channels of what a concat joins, to scale. */
  parts: number[] | null;
  tabs: Tab[];
  composite: boolean;
  parameters: number;
  macs: number;
  /** Sheets of a slab that stands for several blocks, and what it stands for. */
  plates?: number;
  fold?: FoldFacts;
}

/** A wire between two pieces; `key` names the edge of the document it stands for. */
export interface Wire {
  key: string;
  source: string;
  target: string;
  /** The edge in the document: with tabs, `from` may be the last tab of the source. */
  from: string;
  to: string;
  shape: number[] | null;
}

export interface Drawing {
  pieces: Map<string, Piece>;
  wires: Wire[];
  /** Every block to the piece it is drawn on. */
  root: Map<string, string>;
  scale: Scale;
}

/** What a drawing is made of: the document joined with its analysis, or the inside of a composite block. */
export interface Subject {
  nodes: { id: string; block: string; label: string | null; stage?: string | null; params: Record<string, unknown> }[];
  edges: Edge[];
  keys: string[];
  facts: ReadonlyMap<string, Facts>;
}

interface Facts {
  label: string;
  shape: number[] | null;
  inputs: number[][];
  parameters: number;
  macs: number;
}

export type Blocks = ReadonlyMap<string, BlockView>;

/** Faces smaller than this show no kernel. */
const LEGIBLE = 22;

const EMPTY: Facts = { label: "", shape: null, inputs: [], parameters: 0, macs: 0 };

export function subjectOf(network: Network, analysis: Analysis | null, keys: string[]): Subject {
  return { nodes: network.nodes, edges: network.edges, keys, facts: new Map(Object.entries(analysis?.nodes ?? {})) };
}

/** The inside of an open composite block, between two points where the outside wires end. */
export function subjectInside(inside: InnerNode[], input: number[]): Subject {
  const shapes = new Map(inside.map((node) => [node.id, node.shape]));
  const last = inside.at(-1);
  const edges = inside.flatMap((node) => node.inputs.map((source) => ({ source, target: node.id })));
  if (last) edges.push({ source: last.id, target: "out" });
  const facts = new Map<string, Facts>(
    inside.map((node) => {
      const inputs = node.inputs.map((id) => (id === "in" ? input : (shapes.get(id) ?? [])));
      return [node.id, { ...node, inputs }];
    }),
  );
  facts.set("in", { ...EMPTY, shape: input });
  const end = (id: string) => ({ id, block: id, label: "", params: {} });
  return {
    nodes: [end("in"), ...inside, end("out")],
    edges,
    keys: edges.map((edge, index) => `${edge.source}>${edge.target}#${index}`),
    facts,
  };
}

/** Draw a subject: which pieces, which wires. `scale` is the whole figure's when the subject is a part of one. */
export function draw(subject: Subject, blocks: Blocks, scale?: Scale): Drawing {
  const view = (block: string) => blocks.get(block);
  const { root, tabs } = dock(subject.nodes, subject.edges, (block) => view(block)?.family ?? "");
  const measure = scale ?? scaleFor([...subject.facts.values()].map((facts) => facts.shape));
  const byId = new Map(subject.nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => {
    const node = byId.get(id);
    return node?.label ?? (subject.facts.get(id)?.label || (view(node?.block ?? "")?.label ?? node?.block ?? ""));
  };
  const pieces = new Map<string, Piece>();
  for (const node of subject.nodes) {
    if (root.get(node.id) !== node.id) continue;
    const facts = subject.facts.get(node.id) ?? EMPTY;
    const block = view(node.block);
    const worn = (tabs.get(node.id) ?? []).map((id) => subject.facts.get(id) ?? EMPTY);
    const body = bodyOf(node.block, block, facts, measure);
    pieces.set(node.id, {
      id: node.id,
      block: node.block,
      family: block?.family ?? "data",
      label: nameOf(node.id),
      kindLabel: facts.label || (block?.label ?? node.block),
      ...body,
      shape: facts.shape,
      kernel: Math.min(body.size.w, body.size.h) < LEGIBLE ? null : kernelOf(node.params, block),
      parts: block?.max_inputs === null && node.block !== "add" ? partsOf(facts) : null,
      tabs: (tabs.get(node.id) ?? []).map((id) => {
        const kind = byId.get(id)?.block ?? "";
        return { id, block: kind, family: view(kind)?.family ?? "activation", label: nameOf(id) };
      }),
      composite: block?.composite ?? false,
      parameters: facts.parameters + sum(worn.map((fact) => fact.parameters)),
      macs: facts.macs + sum(worn.map((fact) => fact.macs)),
    });
  }
  return { pieces, wires: wiresOf(subject, root), root, scale: measure };
}

function wiresOf(subject: Subject, root: ReadonlyMap<string, string>): Wire[] {
  const wires: Wire[] = [];
  subject.edges.forEach(({ source, target }, index) => {
    const from = root.get(source);
    const to = root.get(target);
    if (from === undefined || to === undefined || (from === to && source !== target)) return;
    const shape = subject.facts.get(source)?.shape ?? null;
    wires.push({ key: subject.keys[index] ?? "", source: from, target: to, from: source, to: target, shape });
  });
  return wires;
}

function bodyOf(kind: string, block: BlockView | undefined, facts: Facts, scale: Scale): Pick<Piece, "form" | "size"> {
  if (kind === "in" || kind === "out") return { form: "point", size: point };
  if (kind === "add") return { form: "disc", size: disc };
  if (block?.family === "activation" || block?.family === "steadying") return { form: "tile", size: tile };
  const { shape } = facts;
  if (!shape) return { form: "ghost", size: ghost };
  if (shape.length === 3) return { form: "slab", size: slabSize(shape, scale) };
  const thin = facts.parameters === 0 && block?.has_output;
  return { form: "column", size: columnSize(shape[0] ?? 1, thin ? 9 : 14) };
}

function kernelOf(params: Record<string, unknown>, block: BlockView | undefined): [number, number] | null {
  const value = params.kernel_size ?? block?.fields.find((field) => field.name === "kernel_size")?.default;
  if (typeof value === "number") return [value, value];
  return Array.isArray(value) && value.length === 2 ? [Number(value[0]), Number(value[1])] : null;
}

const partsOf = (facts: Facts): number[] | null => {
  const parts = facts.inputs.map((shape) => shape[0] ?? 0);
  return facts.shape && parts.length > 1 && sum(parts) === facts.shape[0] ? parts : null;
};

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

/** Keep the pieces that did not change, so that only the others are drawn again. */
export function reuse(next: Drawing, previous: Drawing | null): Drawing {
  if (!previous) return next;
  for (const [id, piece] of next.pieces) {
    const before = previous.pieces.get(id);
    if (before && JSON.stringify(before) === JSON.stringify(piece)) next.pieces.set(id, before);
  }
  return next;
}
