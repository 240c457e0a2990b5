import { type ComponentType, createContext } from "react";

export interface PieceMark {
  id: string;
  /** Blocks drawn as tabs on this one, or folded into it, in order: their live values belong here too. */
  tabs: string[];
  /** It is a folded stage: what is shown speaks for all its blocks. */
  folded: boolean;
}

/** What a view adds to the figure, without changing the drawing itself. Each component subscribes to its own data. */
export interface FigureMarks {
  /** Inside the front face, `width` × `height` px of the figure. */
  Face?: ComponentType<PieceMark & { width: number; height: number }>;
  /** Below the name. */
  Under?: ComponentType<PieceMark & { width: number }>;
  /** Around the whole block. */
  Ring?: ComponentType<PieceMark>;
  /** In place of a wire's line: an SVG element along `d`. */
  Wire?: ComponentType<{ source: string; target: string; d: string }>;
}

export const Marks = createContext<FigureMarks>({});

/** What the editor adds to each block: its state, and what pressing its parts does. */
export interface Handles {
  editable: boolean;
  /** Grab points and silhouettes are shown only where blocks can be chosen. */
  onTab?: (id: string, additive: boolean) => void;
  onToggle?: (id: string) => void;
  /** Fold or open a stage or run. */
  onFold?: (key: string) => void;
  onNotice?: (id: string) => void;
  onFix?: (id: string) => void;
}

export const FigureHandles = createContext<Handles>({ editable: false });

/** The state a piece is drawn in, beside its shape. */
export interface PieceState {
  level: "error" | "warning" | "advice" | null;
  /** The number in its disc; null for errors, which carry a sign. */
  number: number | null;
  /** The tab that is chosen, where one is. */
  chosenTab: string | null;
  /** Picture of the data, on the input. */
  picture: Picture | null;
  /** What is wrong with the block, said on the block; a brief one shows itself on hover. */
  error: { message: string; hint: string; fix: string | null; brief: boolean } | null;
}

export interface Picture {
  url: string;
  /** Which part of the picture: left, top, width, height in its pixels, and its full width and height. */
  part: [number, number, number, number];
  full: [number, number];
}

export const plainState: PieceState = { level: null, number: null, chosenTab: null, picture: null, error: null };
