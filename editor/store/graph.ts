import type { StateCreator } from "zustand";
import type { Folding } from "../canvas/folding";
import type { Network, Node } from "../generated/types";
import { back, emptyHistory, forth, type History, remember, settle } from "./history";
import type { AppState } from ".";

/** A change of the document: the new document, and what is selected afterwards. */
export interface Change {
  network: Network;
  select?: string[];
}

export interface GraphSlice extends History {
  network: Network;
  /** Ids of the selected blocks, in the order they were selected. */
  selection: string[];
  /** Keys of the selected wires, see edgeKeys. */
  selectedEdges: string[];
  /** Composite blocks that show their inside. */
  open: string[];
  /** How stages and runs are folded; null until the user turns one: large networks are folded then. Not undone. */
  folding: Folding | null;
  /** Grows with each load, so that the figure knows when to fit the window anew. */
  loads: number;
  /** Show another document; its history starts here. */
  load(network: unknown, folding?: Folding | null): void;
  /** Change the document as one step of undo; a change that returns null does nothing. */
  edit(label: string, change: (network: Network) => Change | null, merge?: string): boolean;
  /** Set positions without a step of undo: the first layout of a document that has none. */
  arrange(positions: ReadonlyMap<string, { x: number; y: number } | null>): void;
  settle(): void;
  undo(): void;
  redo(): void;
  select(nodes: string[], edges?: string[]): void;
  toggleOpen(id: string): void;
  setFolding(folding: Folding): void;
}

export const emptyNetwork: Network = { format: 1, name: "Untitled", nodes: [], edges: [] };

/** Fill what a document may leave out; the server has checked the rest. */
export function readDocument(data: unknown): Network {
  const given = data as Partial<Network>;
  return {
    format: given.format ?? 1,
    name: given.name ?? "Untitled",
    nodes: (given.nodes ?? []).map((node: Partial<Node>) => ({
      id: node.id ?? "",
      block: node.block ?? "",
      label: node.label ?? null,
      stage: node.stage ?? null,
      params: node.params ?? {},
      position: node.position ? { x: node.position.x ?? 0, y: node.position.y ?? 0 } : null,
    })),
    edges: (given.edges ?? []).map((edge) => ({ source: edge.source, target: edge.target })),
  };
}

/** A name for each wire, in the order of the list: "a>b", and "a>b#2" for a second one between the same blocks. */
export function edgeKeys(network: Network): string[] {
  const seen = new Map<string, number>();
  return network.edges.map(({ source, target }) => {
    const name = `${source}>${target}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

const kept = (ids: string[], network: Network): string[] => {
  const known = new Set(network.nodes.map((node) => node.id));
  return ids.filter((id) => known.has(id));
};

export const createGraphSlice: StateCreator<AppState, [], [], GraphSlice> = (set, get) => {
  const show = (moment: ({ network: Network; selection: string[] } & History) | null) => {
    if (moment) set({ ...moment, selectedEdges: [], open: kept(get().open, moment.network) });
  };
  return {
    ...emptyHistory,
    network: emptyNetwork,
    selection: [],
    selectedEdges: [],
    open: [],
    folding: null,
    loads: 0,
    load: (data, folding = null) =>
      set((state) => ({
        ...emptyHistory,
        network: readDocument(data),
        selection: [],
        selectedEdges: [],
        open: [],
        folding,
        loads: state.loads + 1,
      })),
    edit: (label, change, merge) => {
      const { network, selection, past, future, open } = get();
      const changed = change(network);
      if (!changed || changed.network === network) return false;
      const history = remember({ past, future }, { network, selection, label, merge: merge ?? null });
      set({
        ...history,
        network: changed.network,
        selection: kept(changed.select ?? selection, changed.network),
        selectedEdges: [],
        open: kept(open, changed.network),
      });
      return true;
    },
    arrange: (positions) => {
      const { network } = get();
      const nodes = network.nodes.map((node) => ({ ...node, position: positions.has(node.id) ? (positions.get(node.id) ?? null) : node.position }));
      if (nodes.some((node, index) => node.position !== network.nodes[index]?.position)) set({ network: { ...network, nodes } });
    },
    settle: () => set(({ past, future }) => settle({ past, future })),
    undo: () => {
      const { past, future, network, selection } = get();
      show(back({ past, future }, { network, selection }));
    },
    redo: () => {
      const { past, future, network, selection } = get();
      show(forth({ past, future }, { network, selection }));
    },
    select: (nodes, edges = []) => {
      const { selection, selectedEdges } = get();
      if (sameList(nodes, selection) && sameList(edges, selectedEdges)) return;
      set(({ past, future }) => ({ ...settle({ past, future }), selection: nodes, selectedEdges: edges }));
    },
    setFolding: (folding) => set({ folding }),
    toggleOpen: (id) =>
      set(({ open }) => ({ open: open.includes(id) ? open.filter((other) => other !== id) : [...open, id] })),
  };
};

const sameList = (a: string[], b: string[]): boolean => a.length === b.length && a.every((id, index) => id === b[index]);
